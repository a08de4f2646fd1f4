using Akka.Actor;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>The host permits of all jobs of a coordinator, which owns it and passes it the events.</summary>
/// <param name="downloadOptions">How gently hosts are asked.</param>
/// <param name="startedAt">
/// When the coordinator began, on its clock. For the life of a permit after it nothing new is granted for jobs that it did not begin itself.
/// </param>
internal sealed class HostPermitService(DownloadOptions downloadOptions, TimeSpan startedAt)
{
    private readonly Dictionary<JobId, JobHostPermits> _jobs = [];
    private readonly HashSet<JobId> _begun = [];
    private readonly HashSet<NodeOwner> _gone = [];
    private readonly Dictionary<NodeOwner, IActorRef> _nodes = [];

    /// <summary>Jobs with permits.</summary>
    public IReadOnlyDictionary<JobId, JobHostPermits> Jobs => _jobs;

    /// <summary>A job begins, and no node has a permit of it.</summary>
    public void Begin(JobId job) => _begun.Add(job);

    /// <summary>A node reports.</summary>
    /// <param name="report">The report.</param>
    /// <param name="sender">The node's <see cref="HostPermitClientActor"/>.</param>
    /// <param name="isWorking">Whether the job is worked on; otherwise the report is passed over, and the node will send another one.</param>
    /// <param name="now">The present.</param>
    public void Apply(FetchProtocol.ReportHostUsage report, IActorRef sender, bool isWorking, TimeSpan now)
    {
        if (!isWorking || _gone.Contains(report.Owner))
        {
            return;
        }

        _nodes[report.Owner] = sender;
        if (!_jobs.TryGetValue(report.Job, out JobHostPermits? permits))
        {
            TimeSpan grantsFrom = _begun.Contains(report.Job)
                ? now
                : startedAt + NodeHostPermits.LifeOf(downloadOptions) + JobHostPermits.Margin + FetchProtocol.ReportHostUsage.Every;
            _jobs.Add(report.Job, permits = new JobHostPermits(report.Job, downloadOptions.HostLimit, downloadOptions.Retry, grantsFrom));
        }

        Send(permits.Apply(report, now));
    }

    /// <summary>A node has left the cluster: its permits are free. One that is only unreachable keeps them until they expire.</summary>
    public void Remove(NodeOwner owner, TimeSpan now)
    {
        _gone.Add(owner);
        _nodes.Remove(owner);
        foreach (JobHostPermits permits in _jobs.Values)
        {
            Send(permits.Remove(owner, now));
        }
    }

    /// <summary>Time passes: about once a second.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (JobHostPermits permits in _jobs.Values)
        {
            Send(permits.Tick(now));
        }
    }

    /// <summary>A job is not worked on any more.</summary>
    public void End(JobId job)
    {
        _jobs.Remove(job);
        _begun.Remove(job);
    }

    private void Send(IReadOnlyList<PermitGrant> grants)
    {
        foreach (PermitGrant grant in grants)
        {
            _nodes.GetValueOrDefault(grant.To)?.Tell(grant.Message);
        }
    }
}
