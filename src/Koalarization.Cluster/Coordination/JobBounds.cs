using System.Globalization;
using Koalarization.Dataset.Wording;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Coordination;

/// <summary>Decides what a job is bound by: what would have to be more, or faster, for the job to be faster. Pure.</summary>
internal static class JobBounds
{
    // A device or a disk that is waited for so much of the time has no room for more.
    private const double Full = 0.8;

    // Below it a record's way through the store is not what takes long.
    private const double MuchStore = 0.5;

    /// <summary>What a job is bound by, and why in one sentence.</summary>
    public static (JobBound By, string Reason) Of(JobLoad load)
    {
        if (load.StoreFault is not null)
        {
            return (JobBound.Store, "its store cannot be read or written; it goes on by itself when that is mended");
        }

        if (load.IsOpening)
        {
            return (JobBound.Nothing, "its list is being read");
        }

        bool fetches = load.OpenSlices > 0, writes = load.WaitingRecords + load.RecordsInWork > 0;
        return fetches && load.FetchNodes == 0 ? (JobBound.FetchNodes, "no fetch node can work on it; koala nodes says why, or start one")
            : writes && load.Embedders == 0 ? (JobBound.Embedders, $"{Amount.Of(load.WaitingRecords + load.RecordsInWork, "record")} could be written, and no embed node has its network; start one")
            : writes && load.WriteNodes == 0 ? (JobBound.WriteNodes, $"{Amount.Of(load.WaitingRecords + load.RecordsInWork, "record")} could be written, and no write node can; start one")
            : fetches && load.FetchNodesWithoutNetwork == load.FetchNodes ? (JobBound.Outage, "the network of its fetch nodes looks broken; they go on by themselves when it is back")
            : load.WaitingRecords > 0 || (writes && !fetches) ? OfRecords(load)
            : fetches ? OfFetching(load)
            : (JobBound.Nothing, "it is being finished");
    }

    private static (JobBound By, string Reason) OfRecords(JobLoad load)
    {
        if ((load.DevicesBusy ?? 1) >= Full)
        {
            string busy = load.DevicesBusy is double share ? $" {Percent(share)} of the time" : "";
            return (JobBound.Embedders, $"its {Amount.Of(load.Embedders, "embed node")} {(load.Embedders == 1 ? "computes" : "compute")}{busy}; more of them make it faster");
        }

        return load.StoreBusyWriting >= MuchStore
            ? (JobBound.Store, "writing its records waits for the store; a faster store makes it faster, more nodes do not")
            : load.WaitingRecords == 0
            ? (JobBound.Nothing, $"its last {Amount.Of(load.RecordsInWork, "record")} {(load.RecordsInWork == 1 ? "is" : "are")} being written")
            : (JobBound.WriteNodes, $"{Amount.Of(load.WaitingRecords, "record")} {(load.WaitingRecords == 1 ? "waits" : "wait")} for its {Amount.Of(load.WriteNodes, "write node")}; more of them make it faster");
    }

    private static (JobBound By, string Reason) OfFetching(JobLoad load)
    {
        if (load.StoreBusyFetching >= Full)
        {
            return (JobBound.Store, "keeping its pictures waits for the store all the time; a faster store makes it faster, more nodes do not");
        }

        // What is not held back is being fetched, or waits for a node's turn.
        if (load.Hosts is { Held: > 0, Largest: string host } hosts && 2 * hosts.Held >= hosts.Wanted)
        {
            string others = hosts.Hosts > 1 ? $" and {Amount.Of(hosts.Hosts - 1, "other host")}" : "";
            string why = hosts.Pause > TimeSpan.Zero ? "asked to be left alone for a while" : hosts.Hosts > 1 ? "are asked no faster than they allow" : "is asked no faster than it allows";
            return (JobBound.Hosts, $"{Amount.Of(hosts.Held, "link")} {(hosts.Held == 1 ? "waits" : "wait")} for {host}{others}, which {why}; more nodes do not make it faster");
        }

        string nodes = Amount.Of(load.FetchNodes, "fetch node");
        return load.SlicesInWork >= load.OpenSlices
            ? (JobBound.Nothing, $"its last {Amount.Of(load.OpenSlices, "slice")} of links {(load.OpenSlices == 1 ? "is" : "are")} in work; more nodes do not make it faster")
            : (JobBound.FetchNodes, $"its {nodes} {(load.FetchNodes == 1 ? "has" : "have")} all the work that {(load.FetchNodes == 1 ? "it takes" : "they take")}; more of them make it faster");
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Min(1, share):0%}");
}
