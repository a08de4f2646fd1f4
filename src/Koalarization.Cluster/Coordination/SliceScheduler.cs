using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Coordination;

/// <summary>Which node gets which slice: the node that holds the fewest is next, of the job with the fewest slices in work. Pure.</summary>
internal static class SliceScheduler
{
    /// <summary>Leases slices to the nodes that have room for them.</summary>
    public static (CoordinatorState State, IReadOnlyList<(NodeOwner Node, FetchProtocol.SliceLeased Lease)> Leases) Schedule(CoordinatorState state, TimeSpan now)
    {
        List<(NodeOwner, FetchProtocol.SliceLeased)> leases = [];
        JobsProtocol.RegisterNode[] nodes = [.. state.Nodes.Available(NodeRoles.Fetch)];
        var waiting = nodes.Where(node => state.Nodes.DemandOf(node.Owner).Room > 0).ToList();
        if (waiting.Count == 0)
        {
            return (state, leases);
        }

        Dictionary<NodeOwner, int> counts = state.Working.SelectMany(job => job.Ledger!.Leases.All).CountBy(pair => pair.Lease.Holder).ToDictionary();
        while (waiting.MinBy(node => (counts.GetValueOrDefault(node.Owner), node.Owner.Name)) is JobsProtocol.RegisterNode node)
        {
            if (counts.GetValueOrDefault(node.Owner) >= ShareOf(state, nodes, node) || Next(state, node, now) is not (CoordinatedJob job, SliceId slice))
            {
                waiting.Remove(node);
                continue;
            }

            leases.Add((node.Owner, job.LeaseOf(slice)));
            state = state.With(job.Id, ledger => ledger.WithLease(slice, node.Owner, now)) with { Nodes = state.Nodes.WithSliceFor(node.Owner) };
            counts[node.Owner] = counts.GetValueOrDefault(node.Owner) + 1;
            if (state.Nodes.DemandOf(node.Owner).Room == 0)
            {
                waiting.Remove(node);
            }
        }

        return (state, leases);
    }

    // Near a job's end no node takes what others could do as well.
    private static int ShareOf(CoordinatorState state, JobsProtocol.RegisterNode[] nodes, JobsProtocol.RegisterNode node)
    {
        CoordinatedJob[] jobs = [.. state.Working.Where(job => job.FitsFetchNode(node))];
        int open = jobs.Sum(job => job.Ledger!.OpenSlices);
        int able = nodes.Count(other => jobs.Any(job => job.FitsFetchNode(other)));
        return able == 0 ? 0 : Math.Max(1, (open + able - 1) / able);
    }

    private static (CoordinatedJob Job, SliceId Slice)? Next(CoordinatorState state, JobsProtocol.RegisterNode node, TimeSpan now)
    {
        IEnumerable<CoordinatedJob> jobs = state.Working
            .Where(job => job.FitsFetchNode(node) && job.LeasesFrom <= now && !job.Ledger!.Faults.IsPaused(node.Owner, now))
            .OrderBy(job => job.Ledger!.Leases.Slices);
        foreach (CoordinatedJob job in jobs)
        {
            if (job.Ledger!.NextSlice(node.Owner, RecordScheduler.IsIdleFor(state, job)) is SliceId slice)
            {
                return (job, slice);
            }
        }

        return null;
    }
}
