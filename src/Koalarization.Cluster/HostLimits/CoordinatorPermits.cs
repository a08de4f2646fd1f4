using Akka.Actor;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>
/// The coordinator's half of host permits: which node has how many, for each host of each job. It takes the nodes' reports and sends them their permits. A
/// plain object without a clock and without threads; times are of whatever clock the caller has, counted from anywhere.
/// </summary>
/// <remarks>
/// All nodes together never have more requests at a host than it allows: a permit is granted again only when its node has given it back, has left the
/// cluster, or has not reported for the permit's life, after which it has cancelled what it fetched under it.
/// </remarks>
/// <param name="options">How gently hosts are asked.</param>
/// <param name="startedAt">
/// When the coordinator began. It does not know what an earlier coordinator has granted, until the nodes have reported it or it has expired: until then it
/// grants nothing new for the jobs that it did not begin itself, save at hosts without a limit.
/// </param>
internal sealed class CoordinatorPermits(DownloadOptions options, TimeSpan startedAt)
{
    private const int Capacity = 1 << 16;

    private readonly Dictionary<(JobId Job, string Host), CoordinatorHostPermits> _hosts = [];
    private readonly Dictionary<NodeOwner, ICanTell> _nodes = [];
    private readonly HashSet<JobId> _begun = [];

    /// <summary>Hosts that are remembered.</summary>
    public IReadOnlyCollection<CoordinatorHostPermits> Hosts => _hosts.Values;

    /// <summary>From when on a coordinator grants permits of the jobs that it took over from another.</summary>
    public static TimeSpan GrantsFrom(TimeSpan startedAt, TimeSpan tryTimeout) =>
        startedAt + NodePermits.LifeOf(tryTimeout) + CoordinatorHostPermits.Margin + FetchProtocol.ReportHostUsage.Every;

    /// <summary>A job begins, and no node has a permit of it.</summary>
    public void Begin(JobId job) => _begun.Add(job);

    /// <summary>A job is not worked on any more.</summary>
    public void End(JobId job)
    {
        _begun.Remove(job);
        foreach ((JobId Job, string Host) key in _hosts.Keys.Where(key => key.Job == job).ToArray())
        {
            _hosts.Remove(key);
        }
    }

    /// <summary>A node reports hosts of a job that is worked on, and is answered about each.</summary>
    /// <param name="report">The report.</param>
    /// <param name="node">The node's <see cref="NodePermitsActor"/>.</param>
    /// <param name="now">The present.</param>
    /// <param name="tryTimeout">How long one try of the job takes at most; null: as the own options have it.</param>
    public void Apply(FetchProtocol.ReportHostUsage report, ICanTell node, TimeSpan now, TimeSpan? tryTimeout = null)
    {
        _nodes[report.Owner] = node;
        var reported = new List<CoordinatorHostPermits>();
        foreach (FetchProtocol.HostUsage usage in report.Hosts)
        {
            if (!_hosts.TryGetValue((report.Job, usage.Host), out CoordinatorHostPermits? host))
            {
                int? limit = LinkHost.TryReadText(usage.Host, out LinkHost parsed) && parsed.IsLoopback ? null : options.HostLimit;
                TimeSpan grantsFrom = limit is null || _begun.Contains(report.Job) ? now : GrantsFrom(startedAt, tryTimeout ?? options.TryTimeout);
                _hosts.Add((report.Job, usage.Host), host = new CoordinatorHostPermits(report.Job, usage.Host, limit, options.Retry, grantsFrom));
            }

            host.Apply(report, usage, now);
            reported.Add(host);
        }

        Divide(reported, now, report.Owner);
    }

    /// <summary>A node has left the cluster: its permits are free. One that is only unreachable keeps them until they expire.</summary>
    public void Remove(NodeOwner owner, TimeSpan now)
    {
        _nodes.Remove(owner);
        Divide([.. _hosts.Values.Where(host => host.Remove(owner))], now);
    }

    /// <summary>What the hosts of each job hold back now.</summary>
    public IReadOnlyDictionary<JobId, HostLoad> Loads(TimeSpan now)
    {
        var loads = new Dictionary<JobId, HostLoad>();
        foreach (CoordinatorHostPermits host in _hosts.Values)
        {
            loads[host.Job] = loads.GetValueOrDefault(host.Job, HostLoad.None).With(host.Host, host.Wanted, host.Held(now), host.PauseLeft(now));
        }

        return loads;
    }

    /// <summary>Time passes: once a second.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (CoordinatorHostPermits host in _hosts.Values)
        {
            host.Rotate(now);
        }

        Divide([.. _hosts.Values], now);
    }

    private void Divide(IReadOnlyList<CoordinatorHostPermits> hosts, TimeSpan now, NodeOwner? reporter = null)
    {
        var grants = new List<(NodeOwner To, JobId Job, FetchProtocol.HostGrant Grant)>();
        foreach (CoordinatorHostPermits host in hosts)
        {
            grants.AddRange(host.Divide(now, reporter).Select(grant => (grant.To, host.Job, grant.Grant)));
            if (host.CanBeForgotten(now, isFull: _hosts.Count > Capacity))
            {
                _hosts.Remove((host.Job, host.Host));
            }
        }

        foreach (var node in grants.GroupBy(grant => (grant.To, grant.Job), grant => grant.Grant))
        {
            foreach (FetchProtocol.HostGrant[] part in node.Chunk(FetchProtocol.ReportHostUsage.MaxHosts))
            {
                _nodes.GetValueOrDefault(node.Key.To)?.Tell(new FetchProtocol.HostPermitsGranted(node.Key.Job, part), ActorRefs.NoSender);
            }
        }
    }
}
