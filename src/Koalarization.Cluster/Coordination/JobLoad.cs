using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.HostLimits;

namespace Koalarization.Cluster.Coordination;

/// <summary>What decides what a job is bound by. Immutable.</summary>
internal sealed record JobLoad
{
    /// <summary>Why the store keeps the job from moving; null: it does not.</summary>
    public string? StoreFault { get; init; }

    /// <summary>Whether its list is read, or its manifests.</summary>
    public bool IsOpening { get; init; }

    /// <summary>Slices that are not resolved.</summary>
    public int OpenSlices { get; init; }

    /// <summary>Slices of these that a node works on.</summary>
    public int SlicesInWork { get; init; }

    /// <summary>Records that could be written by now, and that no writer has room for.</summary>
    public int WaitingRecords { get; init; }

    /// <summary>Records that a writer works on.</summary>
    public int RecordsInWork { get; init; }

    /// <summary>Fetch nodes that can work on its slices.</summary>
    public int FetchNodes { get; init; }

    /// <summary>Fetch nodes of these whose network looks broken.</summary>
    public int FetchNodesWithoutNetwork { get; init; }

    /// <summary>Embed nodes that have its network.</summary>
    public int Embedders { get; init; }

    /// <summary>Write nodes that can write its records.</summary>
    public int WriteNodes { get; init; }

    /// <summary>The share of time in which the devices of these embedders compute; null: they do not say.</summary>
    public double? DevicesBusy { get; init; }

    /// <summary>How many things at once each fetch node waits for until the store has made them durable; null: they do not say.</summary>
    public double? StoreBusyFetching { get; init; }

    /// <summary>The same for each write node.</summary>
    public double? StoreBusyWriting { get; init; }

    /// <summary>What its hosts hold back.</summary>
    public HostLoad Hosts { get; init; } = HostLoad.None;

    /// <summary>A job's load as the coordinator knows it.</summary>
    public static JobLoad Of(CoordinatorState state, CoordinatedJob job, HostLoad hosts)
    {
        var load = new JobLoad { StoreFault = job.StoreFault ?? job.Obstacle, IsOpening = !job.IsWorking, Hosts = hosts };
        if (job.Ledger is not JobLedger ledger || !job.IsWorking)
        {
            return load;
        }

        JobsProtocol.RegisterNode[] fetchers = [.. state.Nodes.Registered(NodeRoles.Fetch).Select(pair => pair.Node).Where(job.FitsFetchNode)];
        JobsProtocol.RegisterNode[] embedders = [.. state.Nodes.Available(NodeRoles.Embed).Where(node => job.Choose(node.Networks) is not null)];
        JobsProtocol.RegisterNode[] writers = [.. RecordScheduler.WritersFor(state, job)];
        return load with
        {
            OpenSlices = ledger.OpenSlices,
            SlicesInWork = ledger.Leases.Slices,
            WaitingRecords = job.MakesRecords ? Math.Max(0, ledger.WaitingRecords - ledger.Records.Count) : 0,
            RecordsInWork = ledger.Records.Count,
            FetchNodes = fetchers.Length,
            FetchNodesWithoutNetwork = fetchers.Count(node => node.Outage is not null),
            Embedders = embedders.Length,
            WriteNodes = writers.Length,
            DevicesBusy = embedders.Average(node => node.Rates.DeviceBusy),
            StoreBusyFetching = fetchers.Average(node => node.Rates.StoreBusy),
            StoreBusyWriting = writers.Average(node => node.Rates.StoreBusy),
        };
    }
}
