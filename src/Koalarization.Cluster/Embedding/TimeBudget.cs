namespace Koalarization.Cluster.Embedding;

/// <summary>How long a request may take before another embedder is asked: four times what the queue before it takes.</summary>
internal static class TimeBudget
{
    private const int Factor = 4;

    private static readonly TimeSpan Minimum = TimeSpan.FromSeconds(30);

    // An embedder that has not run a batch yet may be slow at its first one.
    private static readonly TimeSpan WithoutRate = TimeSpan.FromMinutes(5);

    /// <param name="queued">Pictures that are served before the request is, its own included.</param>
    /// <param name="imagesPerSecond">The embedder's rate; 0: not known.</param>
    public static TimeSpan Of(int queued, double imagesPerSecond)
    {
        if (imagesPerSecond <= 0)
        {
            return WithoutRate;
        }

        // A rate near nothing must not become a time that no clock has.
        double seconds = Math.Min(Factor * queued / imagesPerSecond, TimeSpan.FromDays(1).TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(seconds, Minimum.TotalSeconds));
    }
}
