using System.Diagnostics.Metrics;

namespace Koalarization.Cluster.Hosting;

/// <summary>What all stages of a node measure with.</summary>
public static class ClusterInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Koalarization.Cluster";

    internal static Meter Meter { get; } = new(MeterName);

    /// <summary>Messages that reached no actor.</summary>
    internal static Counter<long> DeadLetters { get; } = Meter.CreateCounter<long>("koala.dead_letters", description: "Messages that reached no actor.");

    /// <summary>A histogram of seconds.</summary>
    internal static Histogram<double> Seconds(string name, string description, params double[] bounds) =>
        Meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
}
