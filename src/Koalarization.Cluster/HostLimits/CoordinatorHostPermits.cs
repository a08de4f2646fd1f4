using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>One host's permits for one job, and the nodes that hold them, as the coordinator knows them.</summary>
/// <remarks>
/// <para>What the host allows is decided by <see cref="HostState"/>, who may hold how much of it by <see cref="FairShare"/>. When more nodes want a permit
/// than there are permits, those that have one go behind the others once a second.</para>
/// <para>Coordinator and node keep two totals that only grow, granted and returned, and take the larger of what they have and what they receive. So a message
/// that was lost is made good by the next one, and a message that comes twice or late does no harm.</para>
/// </remarks>
/// <param name="job">The job.</param>
/// <param name="host"><c>name:port</c>.</param>
/// <param name="limit">Permits to begin with; null: no limit.</param>
/// <param name="retry">How long the host is left alone.</param>
/// <param name="grantsFrom">Before, no node gets more than it has.</param>
internal sealed class CoordinatorHostPermits(JobId job, string host, int? limit, RetryOptions retry, TimeSpan grantsFrom)
{
    /// <summary>A node counts a permit's life from when it wrote the report, the coordinator from when it read it, and this long in addition.</summary>
    public static readonly TimeSpan Margin = 2 * FetchProtocol.ReportHostUsage.Every;

    private static readonly FetchOutcome Good = new(FetchOutcomeKind.Kept);
    private static readonly FetchOutcome Neither = new(FetchOutcomeKind.Timeout, "total");
    private List<Holder> _holders = [];

    public JobId Job => job;

    public string Host => host;

    /// <summary>How the host is treated. It does not count requests: <see cref="Count"/> does.</summary>
    public HostState State { get; private set; } = HostState.New(limit);

    /// <summary>All nodes together have never more requests at the host than this.</summary>
    public long Count => _holders.Sum(holder => holder.Count);

    /// <summary>Links that wait for the host or are being fetched from it.</summary>
    public long Wanted => _holders.Sum(holder => (long)holder.Wanted);

    /// <summary>Links of these that wait because the host is not to be asked more, or not now.</summary>
    public long Held(TimeSpan now) =>
        now < State.PausedUntil ? Wanted : Count >= Permits(now) ? Math.Max(0, Wanted - Count) : 0;

    /// <summary>How long the host is still left alone; zero: it is not.</summary>
    public TimeSpan PauseLeft(TimeSpan now) => State.PausedUntil > now ? State.PausedUntil - now : TimeSpan.Zero;

    /// <summary>Whether no node has to do with the host.</summary>
    public bool IsUnused => _holders.Count == 0;

    /// <summary>Whether forgetting it changes nothing, or little when there are too many hosts.</summary>
    public bool CanBeForgotten(TimeSpan now, bool isFull) =>
        IsUnused && now >= State.PausedUntil && (State.IsAsNew || (isFull && now >= State.ProbeAt));

    /// <summary>A node reports its use of the host, which renews the permits that it has.</summary>
    public void Apply(FetchProtocol.ReportHostUsage report, FetchProtocol.HostUsage usage, TimeSpan now)
    {
        bool wasUsed = _holders.Exists(known => known.Count > 0 && now < known.Expires);
        Holder? holder = _holders.Find(known => known.Owner == report.Owner);
        if (holder is null)
        {
            _holders.Add(holder = new Holder(report.Owner));
        }

        holder.Granted = Math.Max(holder.Granted, usage.Granted);
        holder.Returned = Math.Max(holder.Returned, usage.Returned);
        holder.Wanted = Math.Max(0, usage.Wanted);
        holder.ReportedAt = report.SentAt;
        holder.Expires = now + report.Life + Margin;
        for (int i = usage.GoodAnswers; i > 0; i--)
        {
            State = State.Taken().Returned(Good, usage.Generation, now, retry);
        }

        if (usage.Refusal is { } refusal && FetchOutcomeNames.TryParse(refusal.Outcome, out FetchOutcomeKind kind))
        {
            // A later generation than the present one is an earlier coordinator's.
            var outcome = new FetchOutcome(kind, refusal.Detail, IsTransient: true, refusal.RetryAfter);
            State = State.Taken().Returned(outcome, Math.Min(refusal.Generation, State.Generation), now, retry);
        }

        if (State.IsGivenUp && wasUsed && Count == 0)
        {
            // The link that tried it came to nothing that says whether it refuses.
            State = State.Taken().Returned(Neither, State.Generation, now, retry);
        }
    }

    /// <summary>A node has left the cluster: its permits are free.</summary>
    /// <returns>Whether it had to do with the host.</returns>
    public bool Remove(NodeOwner owner) => _holders.RemoveAll(holder => holder.Owner == owner) > 0;

    /// <summary>When there are fewer permits than nodes that want one, those that have one go behind the others.</summary>
    public void Rotate(TimeSpan now)
    {
        if (now >= State.PausedUntil && _holders.Count(holder => holder.Wanted > 0) > Permits(now))
        {
            _holders = [.. _holders.OrderBy(holder => holder.Count > 0)];
        }
    }

    /// <summary>Divides the permits; those that have expired are free.</summary>
    /// <param name="now">The present.</param>
    /// <param name="reporter">A node that is answered in any case.</param>
    /// <returns>What to send to nodes.</returns>
    public IReadOnlyList<(NodeOwner To, FetchProtocol.HostGrant Grant)> Divide(TimeSpan now, NodeOwner? reporter)
    {
        _holders.RemoveAll(holder => now >= holder.Expires);
        int permits = Permits(now);
        int[] shares = FairShare.Of([.. _holders.Select(holder => now >= grantsFrom ? holder.Wanted : (int)holder.Count)], permits);
        long free = Math.Max(0, permits - Count);
        var grants = new List<(NodeOwner, FetchProtocol.HostGrant)>();
        foreach ((Holder holder, int share) in _holders.Zip(shares))
        {
            long granted = Math.Clamp(share - holder.Count, 0, free);
            holder.Granted += granted;
            free -= granted;
            var news = (holder.Granted, Math.Min(share, holder.Count), State.Generation, State.IsGivenUp, State.PausedUntil);
            if (holder.Owner == reporter || holder.Sent != news)
            {
                holder.Sent = news;
                grants.Add((holder.Owner, GrantTo(holder, share, now)));
            }
        }

        _holders.RemoveAll(holder => holder is { Wanted: 0, Count: 0 });
        return grants;
    }

    private int Permits(TimeSpan now) => !State.IsGivenUp ? State.MaxInFlight : now >= State.ProbeAt ? 1 : 0;

    private FetchProtocol.HostGrant GrantTo(Holder holder, int share, TimeSpan now) => new()
    {
        Host = host,
        ReportedAt = holder.ReportedAt,
        Granted = holder.Granted,
        Returned = holder.Returned,
        Share = share,
        Generation = State.Generation,
        Pause = PauseLeft(now),
        IsGivenUp = State.IsGivenUp,
        Refusal = State.IsGivenUp ? State.Rejection.Kind.WireName() : null,
    };

    private sealed class Holder(NodeOwner owner)
    {
        public NodeOwner Owner => owner;

        /// <summary>Links of the node that wait for the host or are being fetched from it.</summary>
        public int Wanted { get; set; }

        public long Granted { get; set; }

        public long Returned { get; set; }

        public long Count => Granted - Returned;

        public TimeSpan ReportedAt { get; set; }

        /// <summary>By then the node has cancelled what it fetched under the permits, unless it reports before.</summary>
        public TimeSpan Expires { get; set; }

        /// <summary>What the node was sent last.</summary>
        public (long Granted, long Share, int Generation, bool IsGivenUp, TimeSpan PausedUntil) Sent { get; set; }
    }
}
