using System.Diagnostics.Metrics;
using Koalarization.Cluster.Hosting;
using Koalarization.Dataset.Slices;
using Koalarization.Harvest.Outages;

namespace Koalarization.Cluster.Fetching;

/// <summary>What a fetch node measures.</summary>
internal static class FetchInstruments
{
    private static readonly Counter<long> Links = ClusterInstruments.Meter.CreateCounter<long>("koala.links", description: "Links that came to an outcome.");

    private static readonly Counter<long> Retries =
        ClusterInstruments.Meter.CreateCounter<long>("koala.fetch.retries", description: "Requests beside the first of a link.");

    private static readonly Counter<long> Bytes = ClusterInstruments.Meter.CreateCounter<long>("koala.fetch.size", "By", "Bytes of pictures that were kept.");

    private static readonly Counter<long> Resized =
        ClusterInstruments.Meter.CreateCounter<long>("koala.pictures.resized", description: "Pictures that were kept in their new size.");

    private static readonly Counter<long> HostPauses =
        ClusterInstruments.Meter.CreateCounter<long>("koala.hosts.pauses", description: "Times that a host was left alone because it asked for it.");

    private static readonly Counter<long> HostsGivenUp =
        ClusterInstruments.Meter.CreateCounter<long>("koala.hosts.given_up", description: "Hosts that refuse everything.");

    private static readonly Gauge<int> NetworkLost =
        ClusterInstruments.Meter.CreateGauge<int>("koala.network.lost", description: "1 while the network looks broken and fetching waits.");

    /// <summary>Seconds for which a picture was decoded, fitted and encoded.</summary>
    public static Histogram<double> Resize { get; } = ClusterInstruments.Seconds(
        "koala.resize.duration", "Time for which a picture was decoded, fitted and encoded.", 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5);

    /// <summary>A link came to its row.</summary>
    public static void LinkEnded(LinkRow row)
    {
        Links.Add(1, KeyValuePair.Create<string, object?>("outcome", row.Outcome));
        Retries.Add(Math.Max(0, row.Tries - 1));
        if (row.Tries > 0 && row.Original is OriginalFacts original)
        {
            Bytes.Add(original.Bytes);
        }

        if (row.Resized is not null)
        {
            Resized.Add(1);
        }
    }

    /// <summary>Something about fetching as a whole.</summary>
    public static void OutageNoticed(OutageNotice notice)
    {
        switch (notice)
        {
            case HostPaused:
                HostPauses.Add(1);
                break;
            case HostGivenUp:
                HostsGivenUp.Add(1);
                break;
            case Harvest.Outages.NetworkLost:
                NetworkLost.Record(1);
                break;
            case NetworkBack or HostsConfirmedDead:
                NetworkLost.Record(0);
                break;
        }
    }
}
