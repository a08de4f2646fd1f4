using Akka.Actor;
using Koalarization.Dataset;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>What a fetch node works on, and what it has resolved without being heard.</summary>
/// <param name="gate">Tells how busy the node is.</param>
/// <param name="parallel">Links on the way at most.</param>
internal sealed class HeldSlices(FetchThrottle gate, int parallel)
{
    private readonly Dictionary<SliceId, Held> _held = [];
    private readonly Dictionary<SliceId, FetchProtocol.SliceResolved> _unnoted = [];
    private long _returned;

    /// <summary>The slices' actors.</summary>
    public List<IActorRef> Actors => [.. _held.Values.Select(held => held.Actor)];

    /// <summary>What the coordinator has not noted yet.</summary>
    public List<FetchProtocol.SliceResolved> UnnotedOnes => [.. _unnoted.Values];

    public void Add(FetchProtocol.SliceLeased lease, IActorRef actor, SliceProgress progress) =>
        _held.Add(lease.Slice, new Held(actor, progress) { Epoch = lease.Epoch });

    /// <summary>Whether a slice is held already; then its lease is of the newer epoch.</summary>
    public bool Renews(FetchProtocol.SliceLeased lease)
    {
        if (!_held.TryGetValue(lease.Slice, out Held? held))
        {
            return false;
        }

        held.Epoch = lease.Epoch;
        return true;
    }

    /// <summary>Forgets a slice, and gives its actor.</summary>
    public IActorRef? Remove(SliceId slice) => _held.Remove(slice, out Held? held) ? held.Actor : null;

    /// <summary>Forgets a slice, if it is this actor's.</summary>
    public bool Remove(SliceId slice, IActorRef actor) =>
        _held.TryGetValue(slice, out Held? held) && held.Actor.Equals(actor) && _held.Remove(slice);

    public bool HasAnyOf(JobId job) => _held.Keys.Any(slice => slice.Job == job);

    /// <summary>A slice is resolved; it is said until it is noted.</summary>
    public FetchProtocol.SliceResolved Resolved(FetchProtocol.SliceResolved resolved) => _unnoted[resolved.Slice] = resolved;

    public FetchProtocol.SliceResolved? Unnoted(SliceId slice) => _unnoted.GetValueOrDefault(slice);

    public void Noted(SliceId slice) => _unnoted.Remove(slice);

    /// <summary>Slices that the node could take.</summary>
    public int Room() => SliceAppetite.Room(
        _held.Count,
        _held.Values.Sum(held => held.Progress.Unended),
        _held.Values.Sum(held => held.Progress.Waiting),
        gate.Load,
        parallel,
        RoundPlan.LinksPerSlice);

    /// <summary>What is held, as it is told to the coordinator.</summary>
    public IReadOnlyList<FetchProtocol.HeldSlice> Tell()
    {
        GateLoad load = gate.Load;
        bool moves = load.InFlight == 0 || load.Returned != _returned;
        _returned = load.Returned;
        return [.. _held.Select(held => new FetchProtocol.HeldSlice(held.Key, held.Value.Epoch, held.Value.Progress.Tell(moves)))];
    }

    private sealed record Held(IActorRef Actor, SliceProgress Progress)
    {
        public long Epoch { get; set; }
    }
}
