using System.Collections.Immutable;

namespace Koalarization.Cluster;

/// <summary>Who works on which slices of one job. Immutable; times come from outside. A slice has at most two holders.</summary>
internal sealed record SliceLeases
{
    private const int MostHolders = 2;

    /// <summary>Nobody works on anything.</summary>
    public static readonly SliceLeases None = new();

    private ImmutableDictionary<SliceId, ImmutableList<SliceLease>> Held { get; init; } = ImmutableDictionary<SliceId, ImmutableList<SliceLease>>.Empty;

    // What a node said last of a slice that passed on: as long as it says the same, the slice is not the node's again.
    private ImmutableDictionary<(SliceId Slice, NodeOwner Holder), long> Stalled { get; init; } = ImmutableDictionary<(SliceId, NodeOwner), long>.Empty;

    private ImmutableHashSet<SliceId> Doubled { get; init; } = [];

    /// <summary>Slices that somebody works on.</summary>
    public int Slices => Held.Count;

    /// <summary>Every lease.</summary>
    public IEnumerable<(SliceId Slice, SliceLease Lease)> All => Held.SelectMany(pair => pair.Value, (pair, lease) => (pair.Key, lease));

    /// <summary>A slice's leases.</summary>
    public IReadOnlyList<SliceLease> Of(SliceId slice) => Held.GetValueOrDefault(slice, []);

    /// <summary>Whether a node may get a slice that nobody works on.</summary>
    public bool IsFree(SliceId slice, NodeOwner node) => !Held.ContainsKey(slice) && !Stalled.ContainsKey((slice, node));

    /// <summary>Whether a node may get a slice beside the one that works on it: that is done once.</summary>
    public bool MayDouble(SliceId slice, NodeOwner node) =>
        Of(slice) is [SliceLease only] && only.Holder != node && !Doubled.Contains(slice) && !Stalled.ContainsKey((slice, node));

    /// <summary>A node gets a slice.</summary>
    public SliceLeases With(SliceId slice, NodeOwner node, TimeSpan now)
    {
        ImmutableList<SliceLease> leases = Held.GetValueOrDefault(slice, []);
        return leases.Exists(lease => lease.Holder == node)
            ? this
            : this with { Held = Held.SetItem(slice, leases.Add(SliceLease.New(node, now))), Doubled = leases.IsEmpty ? Doubled : Doubled.Add(slice) };
    }

    /// <summary>A slice is resolved: nobody holds it any more.</summary>
    public SliceLeases Without(SliceId slice) => this with
    {
        Held = Held.Remove(slice),
        Doubled = Doubled.Remove(slice),
        Stalled = Stalled.RemoveRange(Stalled.Keys.Where(key => key.Slice == slice)),
    };

    /// <summary>A node gives a slice back.</summary>
    public SliceLeases Without(SliceId slice, NodeOwner node)
    {
        ImmutableList<SliceLease> left = Held.GetValueOrDefault(slice, []).RemoveAll(lease => lease.Holder == node);
        return this with { Held = left.IsEmpty ? Held.Remove(slice) : Held.SetItem(slice, left), Stalled = Stalled.Remove((slice, node)) };
    }

    /// <summary>A node is gone.</summary>
    public SliceLeases Without(NodeOwner node)
    {
        SliceLeases leases = SlicesOf(node).Aggregate(this, (all, slice) => all.Without(slice, node));
        return leases with { Stalled = leases.Stalled.RemoveRange(leases.Stalled.Keys.Where(key => key.Holder == node)) };
    }

    /// <summary>Leases that show no progress pass on. Gives those who held them.</summary>
    public (SliceLeases Leases, IReadOnlyList<NodeOwner> Stalled) Expired(TimeSpan now)
    {
        SliceLeases leases = this;
        List<NodeOwner> holders = [];
        foreach ((SliceId slice, SliceLease lease) in All.Where(pair => now - pair.Lease.ProgressAt >= SliceLease.Patience).ToArray())
        {
            leases = leases.Without(slice, lease.Holder);
            leases = leases with { Stalled = leases.Stalled.SetItem((slice, lease.Holder), lease.Progress) };
            holders.Add(lease.Holder);
        }

        return (leases, holders);
    }

    /// <summary>A node says what it holds of this job's slices.</summary>
    /// <param name="node">The node.</param>
    /// <param name="held">What it holds.</param>
    /// <param name="isOpen">Whether a slice is still to be resolved.</param>
    /// <param name="now">The time.</param>
    /// <returns>The leases; slices that it shall give up; slices that it holds and does not name, to be told again.</returns>
    public (SliceLeases Leases, IReadOnlyList<SliceId> Recalled, IReadOnlyList<SliceId> ToldAgain) Reported(
        NodeOwner node, IReadOnlyCollection<FetchProtocol.HeldSlice> held, Func<SliceId, bool> isOpen, TimeSpan now)
    {
        SliceLeases leases = Forgotten(node, held.Select(slice => slice.Slice).ToHashSet(), now, out List<SliceId> toldAgain);
        List<SliceId> recalled = [];
        foreach (FetchProtocol.HeldSlice slice in held)
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

        return (leases, recalled, toldAgain);
    }

    // A slice that a node holds and that nobody gave it was given by an earlier coordinator, or passed on and moves again.
    private SliceLeases? Seen(FetchProtocol.HeldSlice held, NodeOwner node, TimeSpan now)
    {
        ImmutableList<SliceLease> leases = Held.GetValueOrDefault(held.Slice, []);
        int place = leases.FindIndex(lease => lease.Holder == node);
        if (place >= 0)
        {
            return this with { Held = Held.SetItem(held.Slice, leases.SetItem(place, leases[place].Seen(held.Progress, now))) };
        }

        bool isStill = Stalled.TryGetValue((held.Slice, node), out long then) && then == held.Progress;
        return isStill || leases.Count == MostHolders
            ? null
            : this with
            {
                Held = Held.SetItem(held.Slice, leases.Add(SliceLease.New(node, now).Seen(held.Progress, now))),
                Stalled = Stalled.Remove((held.Slice, node)),
            };
    }

    // Leases that the node does not name were lost on the way to it, or by it.
    private SliceLeases Forgotten(NodeOwner node, HashSet<SliceId> named, TimeSpan now, out List<SliceId> toldAgain)
    {
        SliceLeases leases = this with
        {
            Stalled = Stalled.RemoveRange(Stalled.Keys.Where(key => key.Holder == node && !named.Contains(key.Slice))),
        };
        toldAgain = [];
        foreach ((SliceId slice, SliceLease lease) in All.Where(pair => pair.Lease.Holder == node && !named.Contains(pair.Slice)).ToArray())
        {
            if (now - lease.SeenAt >= SliceLease.Unnamed)
            {
                leases = leases.Without(slice, node);
            }
            else if (!lease.IsConfirmed && now - lease.Since >= SliceLease.ToldAgain)
            {
                toldAgain.Add(slice);
            }
        }

        return leases;
    }

    private SliceId[] SlicesOf(NodeOwner node) => [.. All.Where(pair => pair.Lease.Holder == node).Select(pair => pair.Slice)];
}
