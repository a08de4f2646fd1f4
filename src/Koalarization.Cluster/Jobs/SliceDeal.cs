namespace Koalarization.Cluster;

/// <summary>Which node gets which slice: the node that holds the fewest is next, of the job of which the fewest are in work. Pure.</summary>
internal static class SliceDeal
{
    /// <summary>Gives slices to the nodes that have room for them.</summary>
    public static (JobBoard Board, IReadOnlyList<(NodeOwner Node, FetchProtocol.SliceLeased Lease)> Leases) Of(JobBoard board, TimeSpan now)
    {
        List<(NodeOwner, FetchProtocol.SliceLeased)> leases = [];
        JobsProtocol.NodeCard[] nodes = [.. board.Nodes.Working(NodeRoles.Fetch)];
        var waiting = nodes.Where(node => board.Nodes.AskOf(node.Owner).Room > 0).ToList();
        if (waiting.Count == 0)
        {
            return (board, leases);
        }

        Dictionary<NodeOwner, int> held = board.Working.SelectMany(job => job.Ledger!.Leases.All).CountBy(pair => pair.Lease.Holder).ToDictionary();
        while (waiting.MinBy(node => (held.GetValueOrDefault(node.Owner), node.Owner.Name)) is JobsProtocol.NodeCard node)
        {
            if (held.GetValueOrDefault(node.Owner) >= ShareOf(board, nodes, node) || Next(board, node, now) is not (JobId job, SliceId slice))
            {
                waiting.Remove(node);
                continue;
            }

            leases.Add((node.Owner, board.Find(job)!.LeaseOf(slice)));
            NodeAsk ask = board.Nodes.AskOf(node.Owner);
            board = board.With(job, ledger => ledger.WithLease(slice, node.Owner, now)) with { Nodes = board.Nodes.With(node.Owner, ask with { Room = ask.Room - 1 }) };
            held[node.Owner] = held.GetValueOrDefault(node.Owner) + 1;
            if (ask.Room == 1)
            {
                waiting.Remove(node);
            }
        }

        return (board, leases);
    }

    // Near a job's end nobody takes what others could do as well.
    private static int ShareOf(JobBoard board, JobsProtocol.NodeCard[] nodes, JobsProtocol.NodeCard node)
    {
        JobState[] jobs = [.. board.Working.Where(job => job.Fits(node))];
        int open = jobs.Sum(job => job.Ledger!.OpenSlices);
        int able = nodes.Count(other => jobs.Any(job => job.Fits(other)));
        return able == 0 ? 0 : Math.Max(1, (open + able - 1) / able);
    }

    private static (JobId Job, SliceId Slice)? Next(JobBoard board, JobsProtocol.NodeCard node, TimeSpan now)
    {
        IEnumerable<JobState> jobs = board.Working
            .Where(job => job.Fits(node) && job.LeasesFrom <= now && !job.Ledger!.Faults.IsPaused(node.Owner, now))
            .OrderBy(job => job.Ledger!.Leases.Slices);
        foreach (JobState job in jobs)
        {
            if (job.Ledger!.NextSlice(node.Owner, board.IsIdleFor(job)) is SliceId slice)
            {
                return (job.Id, slice);
            }
        }

        return null;
    }
}
