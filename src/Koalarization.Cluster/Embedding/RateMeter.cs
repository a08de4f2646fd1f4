namespace Koalarization.Cluster.Embedding;

/// <summary>A device's rate, from the batches that it has run; later ones count more.</summary>
/// <param name="ImagesPerSecond">The rate; 0 before the first batch.</param>
internal readonly record struct RateMeter(double ImagesPerSecond)
{
    private const double WeightOfNewest = 0.25;

    /// <summary>With one more batch.</summary>
    /// <param name="images">Pictures that were run.</param>
    /// <param name="batchSize">Pictures in a full batch.</param>
    /// <param name="took">From when the device was free for it to its end.</param>
    public RateMeter With(int images, int batchSize, TimeSpan took)
    {
        // A short batch is no measure of a full one's rate, but is better than nothing.
        if (took <= TimeSpan.Zero || (images < batchSize && ImagesPerSecond > 0))
        {
            return this;
        }

        double rate = images / took.TotalSeconds;
        return new RateMeter(ImagesPerSecond > 0 ? ImagesPerSecond + (WeightOfNewest * (rate - ImagesPerSecond)) : rate);
    }
}
