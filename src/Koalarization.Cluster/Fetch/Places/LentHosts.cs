using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>
/// The hosts of one job that this process has to do with, with the places that the coordinator lends it. Thread-safe; its lock is taken under the
/// gate's, never the other way round.
/// </summary>
/// <param name="onNews">
/// Is told, under the lock, when there is something to tell the coordinator where there was nothing, and when it becomes urgent (true). It must answer
/// at once.
/// </param>
internal sealed class LentHosts(Action<bool> onNews) : IPlaceSource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LinkHost, LentPlaces> _hosts = [];
    private readonly HashSet<LentPlaces> _news = [];
    private bool _isUrgent;

    /// <summary>Hosts that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _hosts.Count;
            }
        }
    }

    /// <inheritdoc/>
    public IHostPlaces Open(LinkHost host)
    {
        lock (_lock)
        {
            return Find(host);
        }
    }

    /// <summary>The coordinator lends places at a host that the gate does not know (any more): they go back.</summary>
    public void FollowUnasked(LinkHost host, FetchProtocol.HostPlaces lent)
    {
        lock (_lock)
        {
            Find(host).Follow(lent, now: null);
        }
    }

    /// <summary>What the coordinator does not know yet. It counts as told.</summary>
    public IReadOnlyList<FetchProtocol.HostUse> News()
    {
        lock (_lock)
        {
            return Say([.. _news]);
        }
    }

    /// <summary>Everything that this process has to do with hosts. It counts as told.</summary>
    public IReadOnlyList<FetchProtocol.HostUse> All()
    {
        lock (_lock)
        {
            return Say([.. _hosts.Values]);
        }
    }

    /// <summary>The scope of a change to a host's places.</summary>
    public Change Changing(LentPlaces places) => new(this, places);

    private LentPlaces Find(LinkHost host)
    {
        if (!_hosts.TryGetValue(host, out LentPlaces? places))
        {
            places = new LentPlaces(host, this);
            _hosts.Add(host, places);
        }

        return places;
    }

    private List<FetchProtocol.HostUse> Say(LentPlaces[] told)
    {
        var uses = new List<FetchProtocol.HostUse>(told.Length);
        _news.Clear();
        _isUrgent = false;
        foreach (LentPlaces places in told)
        {
            uses.Add(places.Say());
            if (!places.IsInUse)
            {
                _hosts.Remove(places.Host);
            }
        }

        return uses;
    }

    private void Changed(LentPlaces places)
    {
        if (!places.IsNews)
        {
            return;
        }

        // It may have been forgotten when nothing was left to tell, while the gate still had it.
        _hosts[places.Host] = places;
        bool isFirst = _news.Add(places) && _news.Count == 1;
        bool becomesUrgent = places.IsUrgent && !_isUrgent;
        _isUrgent |= becomesUrgent;
        if (isFirst || becomesUrgent)
        {
            onNews(_isUrgent);
        }
    }

    /// <summary>Holds the lock, and looks for news at its end.</summary>
    internal readonly ref struct Change
    {
        private readonly LentHosts _table;
        private readonly LentPlaces _places;

        public Change(LentHosts table, LentPlaces places)
        {
            _table = table;
            _places = places;
            table._lock.Enter();
        }

        public void Dispose()
        {
            _table.Changed(_places);
            _table._lock.Exit();
        }
    }
}
