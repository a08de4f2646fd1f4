using System.Diagnostics.Metrics;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Embedding;

/// <summary>What embedders, and the clients that ask them, measure.</summary>
internal static class EmbedInstruments
{
    private static readonly Counter<long> Pictures = ClusterInstruments.Meter.CreateCounter<long>("koala.embed.pictures", description: "Pictures that were embedded.");

    private static readonly Counter<long> BatchFailures =
        ClusterInstruments.Meter.CreateCounter<long>("koala.embed.batch.failures", description: "Batches that a device could not run.");

    private static readonly Histogram<double> BatchFill = ClusterInstruments.Meter.CreateHistogram(
        "koala.embed.batch.fill", unit: null, "Pictures of a batch, of those that the device takes at once.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.125, 0.25, 0.5, 0.75, 0.9, 1] });

    private static readonly Histogram<double> BatchDuration = ClusterInstruments.Seconds(
        "koala.embed.batch.duration", "Time from giving a batch to a device until its logits.", 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);

    /// <summary>Decoded pictures that wait for a device.</summary>
    public static Gauge<int> Queue { get; } = ClusterInstruments.Meter.CreateGauge<int>("koala.embed.queue", description: "Decoded pictures that wait for a device.");

    /// <summary>Requests of a write node that are not answered.</summary>
    public static Gauge<int> Requests { get; } =
        ClusterInstruments.Meter.CreateGauge<int>("koala.embed.requests", description: "Requests for logits of this write node that are not answered.");

    /// <summary>Seconds for which a request waited until an embedder had room for it.</summary>
    public static Histogram<double> Wait { get; } = ClusterInstruments.Seconds(
        "koala.embed.wait.duration", "Time until an embedder had room for a request.", 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900);

    /// <summary>A batch has ended, run or not.</summary>
    public static void BatchEnded(BatchRun run, TimeProvider time)
    {
        if (run.Failure is null)
        {
            Pictures.Add(run.Pictures.Count);
            BatchFill.Record((double)run.Pictures.Count / run.Device.BatchSize);
            BatchDuration.Record(time.GetElapsedTime(run.Began, run.Ended).TotalSeconds);
        }
        else
        {
            BatchFailures.Add(1);
        }
    }
}
