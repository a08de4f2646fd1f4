using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>
/// The permits of one job's hosts. It takes the nodes' messages, and each call returns what is to be sent to them. A plain object without a clock and
/// without threads; times are of whatever clock the caller has, counted from anywhere.
/// </summary>
/// <remarks>
/// All nodes together never have more requests at a host than it allows: a permit is granted again only when its holder has given it back, has left the
/// cluster, or has not reported for the permit's life, after which it has cancelled what it fetched under it.
/// </remarks>
/// <param name="job">The job.</param>
/// <param name="hostLimit">Permits of a host to begin with.</param>
/// <param name="retry">How long a host is left alone.</param>
/// <param name="grantsFrom">
/// Nothing is granted before, save for hosts without a limit: a coordinator that takes a job over does not know what the one before has granted, until the nodes
/// have reported it or it has expired.
/// </param>
/// <param name="capacity">Hosts remembered that no node uses.</param>
internal sealed class JobHostPermits(JobId job, int hostLimit, RetryOptions retry, TimeSpan grantsFrom, int capacity = 1 << 16)
{
    /// <summary>A node counts a permit's life from when it wrote the report, the coordinator from when it read it, and this long in addition.</summary>
    public static readonly TimeSpan Margin = 2 * FetchProtocol.ReportHostUsage.Every;

    private readonly Dictionary<string, HostPermits> _hosts = new(StringComparer.Ordinal);
    private bool _grants;
    private int _forgetAbove;

    /// <summary>Hosts that are known.</summary>
    public IReadOnlyDictionary<string, HostPermits> Hosts => _hosts;

    /// <summary>A node reports.</summary>
    public IReadOnlyList<PermitGrant> Apply(FetchProtocol.ReportHostUsage report, TimeSpan now)
    {
        var messages = new List<(NodeOwner, FetchProtocol.HostGrant)>();
        foreach (FetchProtocol.HostUsage usage in report.Hosts)
        {
            if (!_hosts.TryGetValue(usage.Host, out HostPermits? host))
            {
                _hosts.Add(usage.Host, host = new HostPermits(usage.Host, HostText.IsLoopback(usage.Host) ? null : hostLimit));
            }

            host.Apply(report.Owner, usage, report.SentAt, now + report.Life + Margin, now, retry);
            Divide(host, now, messages, report.Owner);
        }

        return ByNode(messages);
    }

    /// <summary>A node has left the cluster: its permits are free.</summary>
    public IReadOnlyList<PermitGrant> Remove(NodeOwner owner, TimeSpan now) => DivideWhere(host => host.Remove(owner), now);

    /// <summary>Time passes: about once a second.</summary>
    public IReadOnlyList<PermitGrant> Tick(TimeSpan now)
    {
        bool begins = !_grants && now >= grantsFrom;
        _grants |= begins;
        return DivideWhere(host => host.Tick(now) || begins, now);
    }

    private IReadOnlyList<PermitGrant> DivideWhere(Predicate<HostPermits> changes, TimeSpan now)
    {
        var messages = new List<(NodeOwner, FetchProtocol.HostGrant)>();
        foreach (HostPermits host in _hosts.Values.Where(host => changes(host)).ToArray())
        {
            Divide(host, now, messages, reporter: null);
        }

        return ByNode(messages);
    }

    private void Divide(HostPermits host, TimeSpan now, List<(NodeOwner, FetchProtocol.HostGrant)> messages, NodeOwner? reporter)
    {
        messages.AddRange(host.Divide(now, now >= grantsFrom, reporter));
        if (host.IsAsNew(now))
        {
            _hosts.Remove(host.Host);
        }
        else if (_hosts.Count > Math.Max(capacity, _forgetAbove))
        {
            foreach (HostPermits idle in _hosts.Values.Where(known => known.IsIdle(now)).ToArray())
            {
                _hosts.Remove(idle.Host);
            }

            _forgetAbove = 2 * _hosts.Count;
        }
    }

    private IReadOnlyList<PermitGrant> ByNode(List<(NodeOwner Owner, FetchProtocol.HostGrant Grant)> messages) =>
    [
        .. messages.GroupBy(message => message.Owner, message => message.Grant).SelectMany(
            node => node.Chunk(FetchProtocol.ReportHostUsage.MaxHosts),
            (node, grants) => new PermitGrant(node.Key, new FetchProtocol.HostPermitsGranted(job, grants))),
    ];
}
