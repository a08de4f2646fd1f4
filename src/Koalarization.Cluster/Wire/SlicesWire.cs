using Koalarization.Cluster.Fetching;
using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Fetching.FetchProtocol;

namespace Koalarization.Cluster.Wire;

/// <summary>Converts messages about slices to and from their schema.</summary>
internal static class SlicesWire
{
    public static Proto.RequestSlices ToWire(RequestSlices message)
    {
        var wire = new Proto.RequestSlices { Owner = message.Owner.Name, Room = message.Room };
        wire.Active.AddEach(message.Active, ToWire);
        return wire;
    }

    public static RequestSlices FromWire(Proto.RequestSlices wire) => new(
        new NodeOwner(wire.Owner), wire.Room.Count(), wire.Active.Each(FromWire));

    public static Proto.SliceLeased ToWire(SliceLeased message)
    {
        var wire = new Proto.SliceLeased
        {
            Slice = message.Slice.ToWire(),
            Epoch = message.Epoch,
            Data = message.Data,
            Until = (int)message.Until,
            IsSandboxed = message.IsSandboxed,
        };
        wire.Ended.AddEach(message.Ended, ToWire);
        wire.Fetch = message.Fetch?.ToWire();
        return wire;
    }

    public static SliceLeased FromWire(Proto.SliceLeased wire) => new()
    {
        Slice = wire.Slice.FromWire(),
        Epoch = wire.Epoch.Count(),
        Data = DataPath.Checked(wire.Data),
        Until = wire.Until.As<JobEnd>(),
        IsSandboxed = wire.IsSandboxed,
        Ended = wire.Ended.Each(FromWire),
        Fetch = wire.Fetch?.FromWire(),
    };

    public static Proto.SliceResolved ToWire(SliceResolved message)
    {
        var wire = new Proto.SliceResolved { Slice = message.Slice.ToWire(), Owner = message.Owner.Name, Survivors = message.Survivors };
        wire.Outcomes.AddCounts(message.Outcomes.Select(outcome => KeyValuePair.Create(outcome.Key, (long)outcome.Value)));
        return wire;
    }

    public static SliceResolved FromWire(Proto.SliceResolved wire) => new(
        wire.Slice.FromWire(),
        new NodeOwner(wire.Owner),
        wire.Survivors.Count(),
        wire.Outcomes.ToDictionary(count => count.Name, count => count.Count_.SmallCount(), StringComparer.Ordinal));

    public static Proto.SliceHandedBack ToWire(SliceHandedBack message)
    {
        var wire = new Proto.SliceHandedBack { Slice = message.Slice.ToWire(), Owner = message.Owner.Name };
        wire.Ended.AddEach(message.Ended, ToWire);
        if (message.Fault is string fault)
        {
            wire.Fault = WireText.Cut(fault, SliceHandedBack.MaxFaultBytes);
        }

        return wire;
    }

    public static SliceHandedBack FromWire(Proto.SliceHandedBack wire) => new(
        wire.Slice.FromWire(), new NodeOwner(wire.Owner), wire.Ended.Each(FromWire), wire.HasFault ? wire.Fault : null);

    private static Proto.ActiveSlice ToWire(ActiveSlice active) => new()
    {
        Slice = active.Slice.ToWire(),
        Epoch = active.Epoch,
        Progress = active.Progress,
        Fetched = active.Counts.Fetched,
        Pictures = active.Counts.Pictures,
        Failed = active.Counts.Failed,
    };

    private static ActiveSlice FromWire(Proto.ActiveSlice wire) => new(wire.Slice.FromWire(), wire.Epoch.Count(), wire.Progress.Count())
    {
        Counts = new SliceCounts(wire.Fetched.Count(), wire.Pictures.Count(), wire.Failed.Count()),
    };

    private static Proto.EndedLink ToWire(EndedLink ended)
    {
        var wire = new Proto.EndedLink { Index = ended.Index, Outcome = ended.Outcome, Tries = ended.Tries };
        if (ended.Detail is string detail)
        {
            wire.Detail = WireText.Cut(detail, EndedLink.MaxDetailBytes);
        }

        return wire;
    }

    private static EndedLink FromWire(Proto.EndedLink wire) => new(wire.Index.Count(), wire.Outcome, wire.HasDetail ? wire.Detail : null, wire.Tries.Count());
}
