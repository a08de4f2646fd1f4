using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>
/// The places of a node's jobs, lent by the coordinator: a table for each job, and one actor, <c>/user/fetch/places</c>, that carries the mail.
/// Thread-safe.
/// </summary>
internal sealed class LentJobPlaces : IJobPlaces
{
    private readonly Lock _lock = new();
    private readonly Dictionary<JobId, LentHosts> _jobs = [];
    private readonly HashSet<JobId> _ended = [];
    private volatile Action<bool> _onNews = _ => { };

    /// <summary>For a node of a cluster.</summary>
    /// <param name="owner">The node.</param>
    public static JobPlacesFactory Factory(NodeOwner owner) => (context, gate, coordinator) =>
    {
        var places = new LentJobPlaces();
        context.ActorOf(PlacesActor.Props(owner, places, gate, coordinator), PlacesActor.Name);
        return places;
    };

    /// <summary>Is told when there is something to tell the coordinator, true when it is urgent. It must answer at once.</summary>
    public void OnNews(Action<bool> listener) => _onNews = listener;

    /// <inheritdoc/>
    public IPlaceSource Of(JobId job)
    {
        lock (_lock)
        {
            _ended.Remove(job);
            return Find(job);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Its table goes when the coordinator knows that all is given back.</remarks>
    public void Ended(JobId job)
    {
        lock (_lock)
        {
            _ended.Add(job);
        }
    }

    /// <summary>A job's table for what the coordinator says of it, also when the job has ended here: it is to be answered.</summary>
    public LentHosts ForMail(JobId job)
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

    /// <summary>What the coordinator is to be told. It counts as told.</summary>
    /// <param name="owner">This node.</param>
    /// <param name="everything">Not only what it does not know yet.</param>
    public IReadOnlyList<FetchProtocol.HostsUsed> Mail(NodeOwner owner, bool everything)
    {
        var mail = new List<FetchProtocol.HostsUsed>();
        lock (_lock)
        {
            foreach ((JobId job, LentHosts hosts) in _jobs)
            {
                IReadOnlyList<FetchProtocol.HostUse> uses = everything ? hosts.All() : hosts.News();
                mail.AddRange(Parts(uses).Select(part => new FetchProtocol.HostsUsed(job, owner, part)));
            }

            foreach (JobId job in _ended.Where(job => !_jobs.TryGetValue(job, out LentHosts? hosts) || hosts.Count == 0).ToArray())
            {
                _jobs.Remove(job);
                _ended.Remove(job);
            }
        }

        return mail;
    }

    /// <summary>Cuts what is said of hosts into messages that are not too large.</summary>
    internal static IEnumerable<IReadOnlyList<FetchProtocol.HostUse>> Parts(IEnumerable<FetchProtocol.HostUse> uses)
    {
        List<FetchProtocol.HostUse> part = [];
        int refusals = 0;
        foreach (FetchProtocol.HostUse use in uses)
        {
            if (part.Count == FetchProtocol.HostsUsed.Most || (part.Count > 0 && refusals + use.Refusals.Count > FetchProtocol.HostsUsed.MostRefusals))
            {
                yield return part;
                (part, refusals) = ([], 0);
            }

            part.Add(use);
            refusals += use.Refusals.Count;
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    private LentHosts Find(JobId job)
    {
        if (!_jobs.TryGetValue(job, out LentHosts? hosts))
        {
            hosts = new LentHosts(isUrgent => _onNews(isUrgent));
            _jobs.Add(job, hosts);
        }

        return hosts;
    }
}
