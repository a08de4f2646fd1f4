namespace Koalarization.Inception.Devices;

/// <summary>How a batch is shared out: each slice is one run of the network, always of one shape.</summary>
/// <param name="Threads">Threads, each with slices of its own.</param>
/// <param name="PicturesPerSlice">The shape's N.</param>
internal sealed record SlicePlan(int Threads, int PicturesPerSlice)
{
    /// <summary>From four pictures on a layer's weights are reused enough; with more its activations leave the cache.</summary>
    private const int MaxPicturesPerSlice = 4;

    /// <summary>For a CPU: as many threads as cores, and at least two slices for each where the batch has them, so that none waits long for another.</summary>
    public static SlicePlan ForCores(int batchSize, int cores)
    {
        int threads = Math.Min(cores, batchSize);
        return new SlicePlan(threads, Math.Clamp(batchSize / (2 * threads), 1, MaxPicturesPerSlice));
    }

    public int SlicesOf(int pictures) => (pictures + PicturesPerSlice - 1) / PicturesPerSlice;
}
