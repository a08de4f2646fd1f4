using System.Collections.Concurrent;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>
/// A fetch node's half of host permits: what the coordinator has granted, for each host of each job. All but <see cref="Of"/> is called under the throttle's
/// lock, and times are of its clock.
/// </summary>
/// <param name="owner">The node.</param>
/// <param name="options">Its own options: how long a try takes in a round that has no rules.</param>
internal sealed class NodePermits(NodeOwner owner, DownloadOptions options)
{
    private readonly Dictionary<(JobId Job, LinkHost Host), NodeHostPermits> _hosts = [];
    private readonly ConcurrentDictionary<JobId, TimeSpan> _tryTimeouts = [];
    private TimeSpan _reportedAt = TimeSpan.MinValue;
    private bool _hasNews;

    /// <summary>Called when there is something to report where there was nothing, and for refusals (true). It must return at once.</summary>
    public Action<bool> OnNews { get; set; } = _ => { };

    /// <summary>Hosts that are remembered.</summary>
    public int Count => _hosts.Count;

    /// <summary>A permit's life: one try, and a few reports that may be lost or late.</summary>
    public static TimeSpan LifeOf(TimeSpan tryTimeout) => tryTimeout + (5 * FetchProtocol.ReportHostUsage.Every);

    /// <summary>How long one try of a job takes at most.</summary>
    public TimeSpan TryTimeoutOf(JobId job) => _tryTimeouts.GetValueOrDefault(job, options.TryTimeout);

    /// <summary>How long a permit of a job is valid, from the report that the coordinator answered last.</summary>
    public TimeSpan LifeOf(JobId job) => LifeOf(TryTimeoutOf(job));

    /// <summary>A job's limits of hosts. Thread-safe.</summary>
    /// <param name="job">The job.</param>
    /// <param name="tryTimeout">How long one try takes at most in a round of the job; null: as the node's own options have it. Of several rounds the longest counts.</param>
    public IHostLimitSource Of(JobId job, TimeSpan? tryTimeout = null)
    {
        if (tryTimeout is TimeSpan timeout)
        {
            _tryTimeouts.AddOrUpdate(job, timeout, (_, known) => known > timeout ? known : timeout);
        }

        return new JobHosts(this, job);
    }

    /// <summary>The coordinator grants permits. When no link waits for the host any more they are given back with the next report.</summary>
    public void Apply(JobId job, LinkHost host, FetchProtocol.HostGrant grant, TimeSpan now)
    {
        if (_hosts.ContainsKey((job, host)) || grant.Granted > grant.Returned)
        {
            NodeHostPermits permits = Find(job, host);
            permits.Apply(grant, now);
            Changed(permits);
            Forget(permits, now);
        }
    }

    /// <summary>The next report to the coordinator. What has expired ends first.</summary>
    /// <param name="now">The present.</param>
    /// <param name="everything">All hosts, which renews their permits; otherwise those with news.</param>
    public IReadOnlyList<FetchProtocol.ReportHostUsage> Report(TimeSpan now, bool everything)
    {
        foreach (NodeHostPermits host in _hosts.Values)
        {
            host.Expire(now);
            Forget(host, now);
        }

        // An answer shows by the report's time which report it answers.
        _reportedAt = now > _reportedAt ? now : _reportedAt + TimeSpan.FromTicks(1);
        _hasNews = false;
        return
        [
            .. _hosts.Values.Where(host => everything || host.HasNews).GroupBy(host => host.Job).SelectMany(
                job => job.Select(host => host.Report(_reportedAt)).Chunk(FetchProtocol.ReportHostUsage.MaxHosts),
                (job, hosts) => new FetchProtocol.ReportHostUsage(job.Key, owner, _reportedAt, LifeOf(job.Key), hosts)),
        ];
    }

    /// <summary>Ends the permits whose life is over, and cancels the requests under them.</summary>
    public void Expire(TimeSpan now)
    {
        foreach (NodeHostPermits host in _hosts.Values)
        {
            host.Expire(now);
        }
    }

    /// <summary>A host's use has changed.</summary>
    public void Changed(NodeHostPermits host)
    {
        // It may have been forgotten while the throttle still had it.
        _hosts[(host.Job, host.Host)] = host;
        if (host.HasNewRefusal || (host.HasNews && !_hasNews))
        {
            _hasNews = true;
            OnNews(host.HasNewRefusal);
        }
    }

    private void Forget(NodeHostPermits host, TimeSpan now)
    {
        if (host.IsForgettable(now))
        {
            _hosts.Remove((host.Job, host.Host));
        }
    }

    private NodeHostPermits Find(JobId job, LinkHost host)
    {
        if (!_hosts.TryGetValue((job, host), out NodeHostPermits? permits))
        {
            _hosts.Add((job, host), permits = new NodeHostPermits(this, job, host));
        }

        return permits;
    }

    private sealed record JobHosts(NodePermits Permits, JobId Job) : IHostLimitSource
    {
        public IHostLimit Open(LinkHost host) => Permits.Find(Job, host);
    }
}
