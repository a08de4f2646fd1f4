using System.Diagnostics.Metrics;
using Koalarization.Cluster.Hosting;
using Koalarization.Dataset.Records;

namespace Koalarization.Cluster.Writing;

/// <summary>What a write node measures.</summary>
internal static class WriteInstruments
{
    private static readonly Counter<long> Records = ClusterInstruments.Meter.CreateCounter<long>("koala.records", description: "Records that were committed.");

    private static readonly Counter<long> Pictures = ClusterInstruments.Meter.CreateCounter<long>("koala.records.pictures", description: "Pictures in committed records.");

    private static readonly Counter<long> LeftOut =
        ClusterInstruments.Meter.CreateCounter<long>("koala.records.left_out", description: "Pictures that could not be put into their record.");

    private static readonly Counter<long> Bytes = ClusterInstruments.Meter.CreateCounter<long>("koala.records.size", "By", "Bytes of committed records.");

    /// <summary>Seconds from a record's begin to its commit.</summary>
    public static Histogram<double> Duration { get; } =
        ClusterInstruments.Seconds("koala.records.duration", "Time from a record's begin to its commit.", 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800);

    /// <summary>A record is committed.</summary>
    public static void RecordCommitted(RecordManifest manifest)
    {
        Records.Add(1);
        Pictures.Add(manifest.Pictures);
        LeftOut.Add(manifest.LeftOut.Count);
        Bytes.Add(manifest.Bytes);
    }
}
