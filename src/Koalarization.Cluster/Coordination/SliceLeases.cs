using System.Collections.Immutable;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Coordination;

/// <summary>Which nodes hold the slices of one job. Immutable; times come from outside. A slice has at most two holders.</summary>
internal sealed record SliceLeases
{
    private const int MaxHolders = 2;

    /// <summary>No leases.</summary>
    public static readonly SliceLeases None = new();

    private ImmutableDictionary<SliceId, ImmutableList<SliceLease>> BySlice { get; init; } = ImmutableDictionary<SliceId, ImmutableList<SliceLease>>.Empty;

    // The progress at which a node lost a lease: as long as it reports the same, it does not get the slice back.
    private ImmutableDictionary<(SliceId Slice, NodeOwner Holder), long> Stalled { get; init; } = ImmutableDictionary<(SliceId, NodeOwner), long>.Empty;

    private ImmutableHashSet<SliceId> Doubled { get; init; } = [];

    /// <summary>Slices in work.</summary>
    public int Slices => BySlice.Count;

    /// <summary>Every lease.</summary>
    public IEnumerable<(SliceId Slice, SliceLease Lease)> All => BySlice.SelectMany(pair => pair.Value, (pair, lease) => (pair.Key, lease));

    /// <summary>How far the slices in work are; of one with two holders, the one that is further.</summary>
    public SliceCounts CountsInWork =>
        BySlice.Values.Select(leases => leases.Select(lease => lease.Counts).MaxBy(counts => counts.Fetched)!).Aggregate(SliceCounts.None, (sum, counts) => sum + counts);

    /// <summary>A slice's leases.</summary>
    public IReadOnlyList<SliceLease> Of(SliceId slice) => BySlice.GetValueOrDefault(slice, []);

    /// <summary>Whether a node may get a slice that is not in work.</summary>
    public bool IsFree(SliceId slice, NodeOwner node) => !BySlice.ContainsKey(slice) && !Stalled.ContainsKey((slice, node));

    /// <summary>Whether a node may get a slice as its second holder: once for each slice.</summary>
    public bool MayDouble(SliceId slice, NodeOwner node) =>
        Of(slice) is [SliceLease only] && only.Holder != node && !Doubled.Contains(slice) && !Stalled.ContainsKey((slice, node));

    /// <summary>A node gets a slice.</summary>
    public SliceLeases With(SliceId slice, NodeOwner node, TimeSpan now)
    {
        ImmutableList<SliceLease> leases = BySlice.GetValueOrDefault(slice, []);
        return leases.Exists(lease => lease.Holder == node)
            ? this
            : this with { BySlice = BySlice.SetItem(slice, leases.Add(SliceLease.New(node, now))), Doubled = leases.IsEmpty ? Doubled : Doubled.Add(slice) };
    }

    /// <summary>A slice is resolved: its leases end.</summary>
    public SliceLeases Without(SliceId slice) => this with
    {
        BySlice = BySlice.Remove(slice),
        Doubled = Doubled.Remove(slice),
        Stalled = Stalled.RemoveRange(Stalled.Keys.Where(key => key.Slice == slice)),
    };

    /// <summary>A node gives a slice back.</summary>
    public SliceLeases Without(SliceId slice, NodeOwner node)
    {
        ImmutableList<SliceLease> left = BySlice.GetValueOrDefault(slice, []).RemoveAll(lease => lease.Holder == node);
        return this with { BySlice = left.IsEmpty ? BySlice.Remove(slice) : BySlice.SetItem(slice, left), Stalled = Stalled.Remove((slice, node)) };
    }

    /// <summary>A node was removed.</summary>
    public SliceLeases Without(NodeOwner node)
    {
        SliceLeases leases = SlicesOf(node).Aggregate(this, (all, slice) => all.Without(slice, node));
        return leases with { Stalled = leases.Stalled.RemoveRange(leases.Stalled.Keys.Where(key => key.Holder == node)) };
    }

    /// <summary>Ends the leases without progress, and gives their holders.</summary>
    public (SliceLeases Leases, IReadOnlyList<NodeOwner> Stalled) Expired(TimeSpan now)
    {
        SliceLeases leases = this;
        List<NodeOwner> holders = [];
        foreach ((SliceId slice, SliceLease lease) in All.Where(pair => now - pair.Lease.ProgressAt >= SliceLease.ProgressTimeout).ToArray())
        {
            leases = leases.Without(slice, lease.Holder);
            leases = leases with { Stalled = leases.Stalled.SetItem((slice, lease.Holder), lease.Progress) };
            holders.Add(lease.Holder);
        }

        return (leases, holders);
    }

    /// <summary>A node reports the slices of this job that it holds.</summary>
    /// <param name="node">The node.</param>
    /// <param name="active">What it holds.</param>
    /// <param name="isOpen">Whether a slice is still to be resolved.</param>
    /// <param name="now">The time.</param>
    /// <returns>The leases; slices to stop working on; leases that it does not name, to be sent again.</returns>
    public (SliceLeases Leases, IReadOnlyList<SliceId> Recalled, IReadOnlyList<SliceId> Resent) Reported(
        NodeOwner node, IReadOnlyCollection<FetchProtocol.ActiveSlice> active, Func<SliceId, bool> isOpen, TimeSpan now)
    {
        SliceLeases leases = WithoutUnnamed(node, active.Select(slice => slice.Slice).ToHashSet(), now, out List<SliceId> resent);
        List<SliceId> recalled = [];
        foreach (FetchProtocol.ActiveSlice slice in active)
        {
            if (isOpen(slice.Slice) && leases.Seen(slice, node, now) is SliceLeases seen)
            {
                leases = seen;
            }
            else
            {
                recalled.Add(slice.Slice);
            }
        }

        return (leases, recalled, resent);
    }

    // A slice that a node holds without a lease was leased by an earlier coordinator, or its lease ended and it makes progress again.
    private SliceLeases? Seen(FetchProtocol.ActiveSlice active, NodeOwner node, TimeSpan now)
    {
        ImmutableList<SliceLease> leases = BySlice.GetValueOrDefault(active.Slice, []);
        int index = leases.FindIndex(lease => lease.Holder == node);
        if (index >= 0)
        {
            return this with { BySlice = BySlice.SetItem(active.Slice, leases.SetItem(index, leases[index].Seen(active, now))) };
        }

        bool isStalled = Stalled.TryGetValue((active.Slice, node), out long then) && then == active.Progress;
        return isStalled || leases.Count == MaxHolders
            ? null
            : this with
            {
                BySlice = BySlice.SetItem(active.Slice, leases.Add(SliceLease.New(node, now).Seen(active, now))),
                Stalled = Stalled.Remove((active.Slice, node)),
            };
    }

    // Leases that the node does not name were lost in transit, or by the node.
    private SliceLeases WithoutUnnamed(NodeOwner node, HashSet<SliceId> named, TimeSpan now, out List<SliceId> resent)
    {
        SliceLeases leases = this with
        {
            Stalled = Stalled.RemoveRange(Stalled.Keys.Where(key => key.Holder == node && !named.Contains(key.Slice))),
        };
        resent = [];
        foreach ((SliceId slice, SliceLease lease) in All.Where(pair => pair.Lease.Holder == node && !named.Contains(pair.Slice)).ToArray())
        {
            if (now - lease.SeenAt >= SliceLease.UnnamedTimeout)
            {
                leases = leases.Without(slice, node);
            }
            else if (!lease.IsConfirmed && now - lease.Since >= SliceLease.ResendAfter)
            {
                resent.Add(slice);
            }
        }

        return leases;
    }

    private SliceId[] SlicesOf(NodeOwner node) => [.. All.Where(pair => pair.Lease.Holder == node).Select(pair => pair.Slice)];
}

/// <summary>A slice that is leased to a node.</summary>
/// <param name="Holder">The node.</param>
/// <param name="Since">When it was leased.</param>
/// <param name="Progress">The progress that the node last reported; -1: none yet.</param>
/// <param name="ProgressAt">When that number last changed.</param>
/// <param name="SeenAt">When the node last named the slice; before that, when it was leased.</param>
/// <param name="IsConfirmed">Whether the node has named it.</param>
internal sealed record SliceLease(NodeOwner Holder, TimeSpan Since, long Progress, TimeSpan ProgressAt, TimeSpan SeenAt, bool IsConfirmed)
{
    /// <summary>How far the node last reported its links to be.</summary>
    public SliceCounts Counts { get; init; } = SliceCounts.None;

    /// <summary>How long a slice may show no progress.</summary>
    public static readonly TimeSpan ProgressTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How long a node may report without naming the slice.</summary>
    public static readonly TimeSpan UnnamedTimeout = TimeSpan.FromSeconds(10);

    /// <summary>When a lease that the node does not name is sent again.</summary>
    public static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(4);

    public static SliceLease New(NodeOwner holder, TimeSpan now) => new(holder, now, -1, now, now, IsConfirmed: false);

    public SliceLease Seen(FetchProtocol.ActiveSlice active, TimeSpan now) => this with
    {
        Progress = active.Progress,
        ProgressAt = active.Progress == Progress ? ProgressAt : now,
        SeenAt = now,
        IsConfirmed = true,
        Counts = active.Counts,
    };
}
