using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Cluster.HostLimits;

/// <summary>One host's permits and the nodes that hold them, for one job. A plain object without a clock and without threads.</summary>
/// <remarks>
/// What the host allows is decided by <see cref="HostState"/>, who may hold how much of it by <see cref="FairShare"/>. A node gives permits back only when
/// another has less than its share. When more nodes want a permit than there are permits, each holder gives its own back after <see cref="TurnTime"/>.
/// </remarks>
internal sealed class HostPermits(string host, int? limit)
{
    /// <summary>How long a node keeps a permit at least while others wait for one.</summary>
    public static readonly TimeSpan TurnTime = TimeSpan.FromSeconds(1);

    private static readonly FetchOutcome Good = new(FetchOutcomeKind.Kept);
    private static readonly FetchOutcome Neither = new(FetchOutcomeKind.Timeout, "total");
    private readonly List<PermitHolder> _holders = [];
    private bool _rotates;

    public string Host => host;

    /// <summary>How the host is treated. It does not count requests: <see cref="Count"/> does.</summary>
    public HostState State { get; private set; } = HostState.New(limit);

    /// <summary>All nodes together have never more requests at the host than this.</summary>
    public long Count => _holders.Sum(holder => holder.Count);

    /// <summary>Whether no node has to do with the host.</summary>
    public bool IsUnused => _holders.Count == 0;

    /// <summary>Whether forgetting it changes nothing.</summary>
    public bool IsAsNew(TimeSpan now) => IsUnused && State.IsAsNew && now >= State.PausedUntil;

    /// <summary>Whether it may be forgotten when there are too many hosts.</summary>
    public bool IsIdle(TimeSpan now) => IsUnused && now >= State.PausedUntil && now >= State.ProbeAt;

    /// <summary>A node reports.</summary>
    /// <param name="owner">The node.</param>
    /// <param name="usage">Its use of this host.</param>
    /// <param name="reportedAt">The node's time of the report.</param>
    /// <param name="expires">Until when what it holds is its own.</param>
    /// <param name="now">The present.</param>
    /// <param name="retry">How long a host is left alone.</param>
    public void Apply(NodeOwner owner, FetchProtocol.HostUsage usage, TimeSpan reportedAt, TimeSpan expires, TimeSpan now, RetryOptions retry)
    {
        if (_holders.Find(holder => holder.Owner == owner) is not { } holder)
        {
            _holders.Add(holder = new PermitHolder(owner));
        }

        bool hadProbe = State.IsGivenUp && holder is { IsProbe: true, Count: > 0 };
        holder.Apply(usage, reportedAt, expires);
        ApplyAnswers(usage, now, retry);
        if (hadProbe && holder.Count == 0 && usage is { GoodAnswers: 0, Refusals.Count: 0 })
        {
            State = State.Taken().Returned(Neither, State.Generation, now, retry);
        }
    }

    /// <summary>A node has left the cluster: its permits are free.</summary>
    /// <returns>Whether it had to do with the host.</returns>
    public bool Remove(NodeOwner owner) => _holders.RemoveAll(holder => holder.Owner == owner) > 0;

    /// <summary>Ends turns.</summary>
    /// <returns>Whether there is anything to divide, because a turn ended or permits have expired.</returns>
    public bool Tick(TimeSpan now)
    {
        List<PermitHolder> over = _rotates && now >= State.PausedUntil + TurnTime
            ? _holders.FindAll(holder => holder.Count > 0 && now >= holder.ActiveSince + TurnTime)
            : [];
        _holders.RemoveAll(over.Contains);
        _holders.AddRange(over);
        return over.Count > 0 || _holders.Exists(holder => now >= holder.Expires);
    }

    /// <summary>Divides the permits; those that have expired are free.</summary>
    /// <param name="now">The present.</param>
    /// <param name="grants">False: a node gets no more than it has.</param>
    /// <param name="reporter">A node that is answered in any case.</param>
    /// <returns>The messages to send to nodes.</returns>
    public List<(NodeOwner Owner, FetchProtocol.HostGrant Grant)> Divide(TimeSpan now, bool grants, NodeOwner? reporter = null)
    {
        _holders.RemoveAll(holder => now >= holder.Expires);
        int permits = !State.IsGivenUp ? limit is null ? FetchProtocol.HostGrant.Unlimited : State.MaxInFlight : now >= State.ProbeAt ? 1 : 0;
        bool isUnlimited = permits == FetchProtocol.HostGrant.Unlimited;
        int[] shares = isUnlimited
            ? [.. _holders.Select(holder => holder.Wanted > 0 ? permits : 0)]
            : FairShare.Of([.. _holders.Select(holder => holder.Wanted)], permits);
        _rotates = _holders.Count(holder => holder.Wanted > 0) > permits;
        long free = isUnlimited ? long.MaxValue : permits - Count;
        bool isShort = free < (grants ? _holders.Select((holder, i) => Math.Max(0, shares[i] - holder.Count)).Sum() : 0);
        var messages = new List<(NodeOwner, FetchProtocol.HostGrant)>();
        for (int i = 0; i < _holders.Count; i++)
        {
            PermitHolder holder = _holders[i];
            long granted = grants || isUnlimited ? Math.Max(0, Math.Min(shares[i] - holder.Count, free)) : 0;
            holder.Grant(granted, now, State.IsGivenUp);
            free -= granted;
            long share = isShort ? shares[i] : Math.Max(shares[i], holder.Count);
            if (granted > 0 || holder.Owner == reporter || holder.NeedsUpdate(State, share, now))
            {
                messages.Add((holder.Owner, holder.Message(host, State, share, now)));
            }
        }

        _holders.RemoveAll(holder => holder.IsDone);
        return messages;
    }

    private void ApplyAnswers(FetchProtocol.HostUsage usage, TimeSpan now, RetryOptions retry)
    {
        if (!State.IsAsNew)
        {
            int generation = usage.Generation == State.Generation ? State.Generation : State.Generation - 1;
            for (int i = Math.Min(usage.GoodAnswers, HostState.AnswersPerIncrease * (limit ?? 1)); i > 0; i--)
            {
                State = State.Taken().Returned(Good, generation, now, retry);
            }
        }

        foreach (FetchProtocol.HostRefusal refusal in usage.Refusals)
        {
            if (FetchOutcomeNames.TryParse(refusal.Outcome, out FetchOutcomeKind kind)
                && new FetchOutcome(kind, refusal.Detail, IsTransient: true, refusal.RetryAfter) is var outcome && HostState.IsRefusal(outcome))
            {
                // A later generation than the present one is an earlier coordinator's.
                State = State.Taken().Returned(outcome, Math.Min(refusal.Generation, State.Generation), now, retry);
            }
        }
    }
}
