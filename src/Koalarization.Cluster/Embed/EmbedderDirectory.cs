using Akka.Actor;
using Akka.Cluster;

namespace Koalarization.Cluster;

/// <summary>The embed nodes that can be spoken to, as a client knows them from the membership. One thread at a time.</summary>
internal sealed class EmbedderDirectory
{
    private readonly Dictionary<Address, Entry> _entries = [];

    /// <summary>Members whose embedder has not said where it is.</summary>
    public IEnumerable<Address> Unknown => _entries.Where(entry => entry.Value is { Embedder: null, MayBeAsked: true }).Select(entry => entry.Key);

    /// <summary>Embedders that are told what is wanted.</summary>
    public IEnumerable<IActorRef> Present => _entries.Values.Where(entry => entry is { Embedder: not null, MayBeAsked: true }).Select(entry => entry.Embedder!);

    /// <summary>A member is there; one under an address that another had before is new.</summary>
    public void Add(Member member)
    {
        if (!_entries.TryGetValue(member.Address, out Entry? known) || known.Uid != member.UniqueAddress.Uid)
        {
            _entries[member.Address] = new Entry(member.UniqueAddress.Uid);
        }
    }

    /// <summary>A member that has gone; false where another has its address by now.</summary>
    public bool Remove(Member member) =>
        _entries.TryGetValue(member.Address, out Entry? known) && known.Uid == member.UniqueAddress.Uid && _entries.Remove(member.Address);

    /// <summary>A member cannot be reached, or again.</summary>
    public bool Reach(Member member, bool isReachable)
    {
        if (!_entries.TryGetValue(member.Address, out Entry? known) || known.Uid != member.UniqueAddress.Uid)
        {
            return false;
        }

        known.IsReachable = isReachable;
        return true;
    }

    /// <summary>An embedder says where it is.</summary>
    public bool Found(Address address, IActorRef embedder)
    {
        if (!_entries.TryGetValue(address, out Entry? known) || known.Embedder is not null)
        {
            return false;
        }

        known.Embedder = embedder;
        return true;
    }

    /// <summary>An embedder leaves: it is told nothing more.</summary>
    public void Leaving(Address address)
    {
        if (_entries.TryGetValue(address, out Entry? known))
        {
            known.IsLeaving = true;
        }
    }

    /// <summary>An embedder has stopped; another may start there.</summary>
    public void Stopped(Address address, IActorRef embedder)
    {
        if (_entries.TryGetValue(address, out Entry? known) && embedder.Equals(known.Embedder))
        {
            known.Embedder = null;
        }
    }

    private sealed class Entry(int uid)
    {
        public int Uid => uid;

        public IActorRef? Embedder { get; set; }

        public bool IsReachable { get; set; } = true;

        public bool IsLeaving { get; set; }

        public bool MayBeAsked => IsReachable && !IsLeaving;
    }
}
