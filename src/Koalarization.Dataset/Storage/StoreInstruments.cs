using System.Diagnostics.Metrics;

namespace Koalarization.Dataset.Storage;

/// <summary>What is measured of the store.</summary>
public static class StoreInstruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Koalarization.Store";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Flush = Meter.CreateHistogram(
        "koala.store.flush.duration", "s", "Time until a group of pictures was durable.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    private static long _flushTicks;

    /// <summary>For how long this process has waited, in all, until groups of pictures were durable.</summary>
    public static TimeSpan Flushing => TimeSpan.FromTicks(Interlocked.Read(ref _flushTicks));

    /// <summary>Groups that could not be made durable.</summary>
    internal static Counter<long> Failures { get; } = Meter.CreateCounter<long>("koala.store.failures", description: "Groups of pictures that could not be made durable.");

    /// <summary>A group of pictures is durable.</summary>
    internal static void Flushed(TimeSpan took)
    {
        Flush.Record(took.TotalSeconds);
        Interlocked.Add(ref _flushTicks, took.Ticks);
    }
}
