using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>
/// This node's permits of one job's hosts. Thread-safe; its lock is taken under the throttle's, never the other way round. Times are of the throttle's clock.
/// </summary>
/// <param name="job">The job.</param>
/// <param name="options">How long one try takes at most.</param>
/// <param name="onNews">
/// Called under the lock when there is something to report where there was nothing, and for every refusal (true). It must return at once.
/// </param>
internal sealed class NodeHostPermits(JobId job, DownloadOptions options, Action<bool> onNews) : IHostLimitSource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LinkHost, HostPermit> _hosts = [];
    private readonly HashSet<HostPermit> _news = [];
    private TimeSpan _reportedAt = TimeSpan.MinValue;

    /// <summary>How long one try takes at most.</summary>
    public TimeSpan TryTimeout => options.TryTimeout;

    /// <summary>How long a permit is valid, from the report that the coordinator answered last.</summary>
    public TimeSpan Life => LifeOf(options);

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

    /// <summary>A permit's life: one try, and a few reports that may be lost or late.</summary>
    public static TimeSpan LifeOf(DownloadOptions options) => options.TryTimeout + (5 * FetchProtocol.ReportHostUsage.Every);

    /// <inheritdoc/>
    public IHostLimit Open(LinkHost host)
    {
        lock (_lock)
        {
            return Find(host);
        }
    }

    /// <summary>The coordinator has granted something at a host for which no link waits: it is given back with the next report.</summary>
    public void Apply(LinkHost host, FetchProtocol.HostGrant grant, TimeSpan now)
    {
        lock (_lock)
        {
            if (_hosts.ContainsKey(host) || grant.Granted > grant.Returned)
            {
                Find(host).Apply(grant, now);
            }
        }
    }

    /// <summary>The next report to the coordinator.</summary>
    /// <param name="owner">This node.</param>
    /// <param name="now">The present.</param>
    /// <param name="everything">All hosts, which renews their permits; otherwise those with news.</param>
    public IReadOnlyList<FetchProtocol.ReportHostUsage> Report(NodeOwner owner, TimeSpan now, bool everything)
    {
        lock (_lock)
        {
            foreach (HostPermit permit in everything ? _hosts.Values.Where(permit => permit.IsForgettable(now)).ToArray() : [])
            {
                _hosts.Remove(permit.Host);
            }

            HostPermit[] reported = everything ? [.. _hosts.Values] : [.. _news];
            _news.Clear();

            // An answer shows by the report's time which report it answers.
            _reportedAt = now > _reportedAt ? now : _reportedAt + TimeSpan.FromTicks(1);
            return
            [
                .. reported.Select(permit => permit.Report(_reportedAt)).Chunk(FetchProtocol.ReportHostUsage.MaxHosts)
                    .Select(part => new FetchProtocol.ReportHostUsage(job, owner, _reportedAt, Life, part)),
            ];
        }
    }

    /// <summary>Ends the permits whose life is over, and cancels the requests under them.</summary>
    public void Expire(TimeSpan now)
    {
        CancellationTokenSource[] expired;
        lock (_lock)
        {
            expired = [.. _hosts.Values.Select(permit => permit.Expire(now)).OfType<CancellationTokenSource>()];
        }

        foreach (CancellationTokenSource requests in expired)
        {
            _ = requests.CancelAsync();
        }
    }

    /// <summary>The scope of a change to a host's permits.</summary>
    public Change Changing(HostPermit permit) => new(this, permit);

    private HostPermit Find(LinkHost host)
    {
        if (!_hosts.TryGetValue(host, out HostPermit? permit))
        {
            _hosts.Add(host, permit = new HostPermit(host, this));
        }

        return permit;
    }

    private void Changed(HostPermit permit)
    {
        if (permit.IsForgettable(TimeSpan.MinValue))
        {
            _hosts.Remove(permit.Host);
        }
        else if (permit.HasNews)
        {
            // It may have been forgotten while the throttle still had it.
            _hosts[permit.Host] = permit;
            bool isFirst = _news.Add(permit) && _news.Count == 1;
            if (isFirst || permit.HasNewRefusal)
            {
                onNews(permit.HasNewRefusal);
            }
        }
    }

    /// <summary>Holds the lock, and looks for news at its end.</summary>
    internal readonly ref struct Change
    {
        private readonly NodeHostPermits _table;
        private readonly HostPermit _permit;

        public Change(NodeHostPermits table, HostPermit permit)
        {
            _table = table;
            _permit = permit;
            table._lock.Enter();
        }

        public void Dispose()
        {
            _table.Changed(_permit);
            _table._lock.Exit();
        }
    }
}
