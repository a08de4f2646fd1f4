using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>
/// A fetch node's permits, granted by the coordinator: a table for each job, and one actor, <c>/user/fetch/permits</c>, that reports and receives.
/// Thread-safe.
/// </summary>
internal sealed class ClusterHostPermits(DownloadOptions options) : IHostPermitSource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<JobId, NodeHostPermits> _jobs = [];
    private readonly HashSet<JobId> _ended = [];
    private volatile Action<bool> _onNews = _ => { };

    /// <summary>For a node of a cluster.</summary>
    /// <param name="owner">The node.</param>
    /// <param name="options">How long one try takes at most.</param>
    public static HostPermitSourceFactory Factory(NodeOwner owner, DownloadOptions options) => (context, throttle, coordinator) =>
    {
        var permits = new ClusterHostPermits(options);
        context.ActorOf(HostPermitClientActor.Props(owner, permits, throttle, coordinator), HostPermitClientActor.Name);
        return permits;
    };

    /// <summary>Called when there is something to report, true for a refusal. It must return at once.</summary>
    public void OnNews(Action<bool> listener) => _onNews = listener;

    /// <inheritdoc/>
    public IHostLimitSource Of(JobId job)
    {
        lock (_lock)
        {
            _ended.Remove(job);
            return Find(job);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Its table goes when the coordinator knows that all is given back.</remarks>
    public void End(JobId job)
    {
        lock (_lock)
        {
            _ended.Add(job);
        }
    }

    /// <summary>A job's table for what the coordinator grants, also when the job has ended here: it is to be given back.</summary>
    public NodeHostPermits ForGrant(JobId job)
    {
        lock (_lock)
        {
            if (!_jobs.ContainsKey(job))
            {
                _ended.Add(job);
            }

            return Find(job);
        }
    }

    /// <summary>The next report to the coordinator.</summary>
    /// <param name="owner">This node.</param>
    /// <param name="now">The present, on the throttle's clock.</param>
    /// <param name="everything">All hosts, which renews their permits; otherwise those with news.</param>
    public IReadOnlyList<FetchProtocol.ReportHostUsage> Report(NodeOwner owner, TimeSpan now, bool everything)
    {
        var reports = new List<FetchProtocol.ReportHostUsage>();
        lock (_lock)
        {
            foreach (NodeHostPermits hosts in _jobs.Values)
            {
                reports.AddRange(hosts.Report(owner, now, everything));
            }

            foreach (JobId job in _ended.Where(job => !_jobs.TryGetValue(job, out NodeHostPermits? hosts) || hosts.Count == 0).ToArray())
            {
                _jobs.Remove(job);
                _ended.Remove(job);
            }
        }

        return reports;
    }

    /// <summary>Ends the permits whose life is over, and cancels the requests under them.</summary>
    public void Expire(TimeSpan now)
    {
        lock (_lock)
        {
            foreach (NodeHostPermits hosts in _jobs.Values)
            {
                hosts.Expire(now);
            }
        }
    }

    private NodeHostPermits Find(JobId job)
    {
        if (!_jobs.TryGetValue(job, out NodeHostPermits? hosts))
        {
            _jobs.Add(job, hosts = new NodeHostPermits(job, options, isRefusal => _onNews(isRefusal)));
        }

        return hosts;
    }
}
