using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Planning;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Cluster.Fetching;

/// <summary>The slices that a fetch node works on, and those it has resolved without an acknowledgement yet.</summary>
/// <param name="throttle">Knows how busy the node is.</param>
/// <param name="parallel">Links in flight at most.</param>
internal sealed class ActiveSlices(FetchThrottle throttle, int parallel)
{
    private readonly Dictionary<SliceId, Active> _active = [];
    private readonly Dictionary<SliceId, FetchProtocol.SliceResolved> _unacknowledged = [];
    private long _returned;

    public bool IsEmpty => _active.Count == 0;

    /// <summary>What is worked on.</summary>
    public IReadOnlyList<SliceProcessor> Processors => [.. _active.Values.Select(active => active.Processor)];

    /// <summary>What the coordinator has not acknowledged yet.</summary>
    public IReadOnlyList<FetchProtocol.SliceResolved> Unacknowledged => [.. _unacknowledged.Values];

    public void Add(FetchProtocol.SliceLeased lease, SliceProcessor processor, SliceProgress progress) =>
        _active.Add(lease.Slice, new Active(processor, progress) { Epoch = lease.Epoch });

    /// <summary>Whether a slice is worked on already; then its lease is of the newer epoch.</summary>
    public bool Renew(FetchProtocol.SliceLeased lease)
    {
        if (!_active.TryGetValue(lease.Slice, out Active? active))
        {
            return false;
        }

        active.Epoch = lease.Epoch;
        return true;
    }

    /// <summary>Forgets a slice, and gives what works on it.</summary>
    public SliceProcessor? Remove(SliceId slice) => _active.Remove(slice, out Active? active) ? active.Processor : null;

    /// <summary>Forgets a slice, if it is this one that works on it, and not a later one.</summary>
    public bool Remove(SliceProcessor processor) =>
        _active.TryGetValue(processor.Slice, out Active? active) && active.Processor == processor && _active.Remove(processor.Slice);

    /// <summary>A slice is resolved; this is repeated until it is acknowledged.</summary>
    public void AddResolved(FetchProtocol.SliceResolved resolved) => _unacknowledged[resolved.Slice] = resolved;

    public FetchProtocol.SliceResolved? FindResolved(SliceId slice) => _unacknowledged.GetValueOrDefault(slice);

    public void Acknowledge(SliceId slice) => _unacknowledged.Remove(slice);

    /// <summary>Slices that the node could take.</summary>
    public int Room() => SliceDemandPolicy.Room(
        _active.Count,
        _active.Values.Sum(active => active.Progress.Unended),
        _active.Values.Sum(active => active.Progress.Waiting),
        throttle.Load,
        parallel,
        RoundPlan.LinksPerSlice);

    /// <summary>What is worked on, as it is reported to the coordinator.</summary>
    public IReadOnlyList<FetchProtocol.ActiveSlice> Report()
    {
        ThrottleLoad load = throttle.Load;
        bool isGateMoving = load.InFlight == 0 || load.Returned != _returned;
        _returned = load.Returned;
        return [.. _active.Select(active => new FetchProtocol.ActiveSlice(active.Key, active.Value.Epoch, active.Value.Progress.Report(isGateMoving)) { Counts = active.Value.Progress.Counts })];
    }

    private sealed record Active(SliceProcessor Processor, SliceProgress Progress)
    {
        public long Epoch { get; set; }
    }
}
