using Akka.Actor;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>
/// Lends the hosts' places of all jobs of a coordinator, and sends what follows from it to the nodes. It is the coordinator actor's own, a line for each
/// occasion:
/// <list type="bullet">
/// <item>a job is submitted to this coordinator, and was not in work before: <see cref="Begin"/>;</item>
/// <item><see cref="FetchProtocol.HostsUsed"/> comes: <see cref="Hear"/>;</item>
/// <item>the cluster has removed a node: <see cref="Gone"/>;</item>
/// <item>a second has passed: <see cref="Tick"/>;</item>
/// <item>a job is not worked on any more: <see cref="End"/>.</item>
/// </list>
/// </summary>
/// <param name="hostLimit">Places of a host to begin with.</param>
/// <param name="retry">How long a host is left alone.</param>
/// <param name="startedAt">
/// When the coordinator began, on its clock. For two <see cref="FetchProtocol.HostsUsed.Every"/> after it no places are lent for jobs that it did not
/// begin itself: until then it hears from all nodes what they have from the coordinator before.
/// </param>
internal sealed class PlaceLender(int hostLimit, RetryOptions retry, TimeSpan startedAt)
{
    private readonly Dictionary<JobId, HostLending> _jobs = [];
    private readonly HashSet<JobId> _own = [];
    private readonly HashSet<NodeOwner> _gone = [];
    private readonly Dictionary<NodeOwner, IActorRef> _nodes = [];

    /// <summary>Jobs for which places are lent.</summary>
    public IReadOnlyDictionary<JobId, HostLending> Jobs => _jobs;

    /// <summary>A job begins, and no node has a place for it.</summary>
    public void Begin(JobId job) => _own.Add(job);

    /// <summary>A node says what it has to do with hosts.</summary>
    /// <param name="used">What it says.</param>
    /// <param name="sender">Who carries the node's mail.</param>
    /// <param name="epoch">The job's epoch; null: it is not (yet) worked on. The node will say it again.</param>
    /// <param name="now">The present.</param>
    public void Hear(FetchProtocol.HostsUsed used, IActorRef sender, long? epoch, TimeSpan now)
    {
        if (epoch is not { } known || _gone.Contains(used.Owner))
        {
            return;
        }

        _nodes[used.Owner] = sender;
        if (!_jobs.TryGetValue(used.Job, out HostLending? lending))
        {
            TimeSpan lendsFrom = _own.Contains(used.Job) ? now : startedAt + (2 * FetchProtocol.HostsUsed.Every);
            _jobs.Add(used.Job, lending = new HostLending(used.Job, known, hostLimit, retry, lendsFrom));
        }

        Send(lending.Report(used.Owner, used.Hosts, now));
    }

    /// <summary>The cluster has removed a node: its places are free. One that is only unreachable has them still.</summary>
    public void Gone(NodeOwner owner, TimeSpan now)
    {
        _gone.Add(owner);
        _nodes.Remove(owner);
        foreach (HostLending lending in _jobs.Values)
        {
            Send(lending.Gone(owner, now));
        }
    }

    /// <summary>Time passes: about once a second.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (HostLending lending in _jobs.Values)
        {
            Send(lending.Tick(now));
        }
    }

    /// <summary>A job is not worked on any more.</summary>
    public void End(JobId job)
    {
        _jobs.Remove(job);
        _own.Remove(job);
    }

    private void Send(IReadOnlyList<PlacesMail> mail)
    {
        foreach (PlacesMail message in mail)
        {
            _nodes.GetValueOrDefault(message.To)?.Tell(message.Message);
        }
    }
}
