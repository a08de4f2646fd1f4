using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>One host's places and who has them, for one job. A plain object without a clock and without threads.</summary>
/// <remarks>
/// What the host allows is decided by <see cref="HostState"/>. Nodes stand in a row. While there is a place for each that wants one they share
/// (<see cref="PlaceShares"/>), and nobody has to give back anything unless another gets less than its share. When there are fewer places than
/// nodes, those in front have one each for a turn, and go to the back of the row after it.
/// </remarks>
internal sealed class HostLoans(string host, int? limit)
{
    /// <summary>Requests of a turn.</summary>
    public const int RequestsOfATurn = 8;

    /// <summary>A turn that lasts longer is over.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(2);

    private const long Plenty = long.MaxValue / 2;

    private static readonly FetchOutcome Good = new(FetchOutcomeKind.Kept);
    private static readonly FetchOutcome Neither = new(FetchOutcomeKind.Timeout, "total");
    private readonly List<Borrower> _row = [];

    /// <summary>How the host is treated. It does not know what is on the way: <see cref="Held"/> does.</summary>
    public HostState State { get; private set; } = HostState.New(limit);

    /// <summary>Never more requests than this are on the way, in all nodes together.</summary>
    public long Held => _row.Sum(node => (long)node.Held);

    /// <summary>Whether some wait for others' turns to end.</summary>
    public bool HasTurns { get; private set; }

    /// <summary>Nobody has to do with the host.</summary>
    public bool IsQuiet => _row.Count == 0;

    /// <summary>Whether it can be forgotten without anybody noticing.</summary>
    public bool IsAsNew(TimeSpan now) => IsQuiet && State.IsAsNew && IsUnpaused(now);

    /// <summary>Whether it can be forgotten when room is needed.</summary>
    public bool IsIdle(TimeSpan now) => IsQuiet && IsUnpaused(now) && now >= State.ProbeAt;

    /// <summary>A node says what it has to do with the host.</summary>
    public void Hear(NodeOwner owner, FetchProtocol.HostUse use, TimeSpan now, RetryOptions retry)
    {
        Borrower node = NodeOf(owner);
        bool isPresentEra = use.Generation > 0 && use.Generation == node.Told?.Generation && node.Told.Era == State.Era;
        bool wasProbing = State.IsGivenUp && node.Told is { IsGivenUp: true, Places: > 0 };
        node.Hear(use, now);
        Judge(use, isPresentEra ? State.Era : State.Era - 1, now, retry);
        if (node.HasEndedTurn)
        {
            if (wasProbing && use is { GoodAnswers: 0, Refusals.Count: 0 })
            {
                State = State.Taken().Returned(Neither, State.Era, now, retry);
            }

            ToTheBack(node);
        }

        if (node.IsThrough)
        {
            _row.Remove(node);
        }
    }

    /// <summary>A node is gone, and its places are free.</summary>
    /// <returns>Whether it had to do with the host.</returns>
    public bool Leave(NodeOwner owner) => _row.RemoveAll(node => node.Owner == owner) > 0;

    /// <summary>Ends the turns that take too long, and finds nodes that have not spoken for a while.</summary>
    /// <returns>Whether there is anything to settle.</returns>
    public bool Tick(TimeSpan now)
    {
        Borrower[] slow = HasTurns ? [.. _row.Where(node => node.IsSlow(now, LongestTurn))] : [];
        foreach (Borrower node in slow)
        {
            ToTheBack(node);
        }

        return _row.Count(node => node.AskIfSilent(now)) + slow.Length > 0;
    }

    /// <summary>Finds who is to be told what.</summary>
    /// <param name="now">The present.</param>
    /// <param name="lends">False: nobody gets more than it has.</param>
    /// <param name="number">The next message's generation.</param>
    public IEnumerable<(NodeOwner Owner, FetchProtocol.HostPlaces Places)> Settle(TimeSpan now, bool lends, Func<long> number)
    {
        int places = Places(now);
        int[] shares = places == int.MaxValue
            ? [.. _row.Select(node => node.Wanted > 0 ? int.MaxValue : 0)]
            : PlaceShares.Of([.. _row.Select(node => node.Wanted)], places);
        HasTurns = _row.Count(node => node.Wanted > 0) > places;
        long free = places == int.MaxValue ? Plenty : places - Held;
        bool isShort = _row.Select((node, i) => (long)Math.Max(0, shares[i] - node.Held)).Sum() > free;
        var terms = new HostTerms(State.Era, State.PausedUntil, State.IsGivenUp);
        for (int i = 0; i < _row.Count; i++)
        {
            Borrower node = _row[i];
            bool hasNews = node.HasMissed || node.Misses(terms, now) || (HasTurns && node.Allowed > 0 && node.Told is not { Turn: > 0 });
            int allowed = node.Allowed;
            if (shares[i] < allowed && (isShort || hasNews))
            {
                allowed = shares[i];
            }
            else if (shares[i] > allowed && lends)
            {
                allowed = Math.Max(allowed, (int)Math.Min(shares[i], node.Held + Math.Max(0, free)));
                free -= Math.Max(0, allowed - node.Held);
            }

            if (hasNews || allowed != node.Allowed)
            {
                FetchProtocol.HostPlaces told = Terms(allowed, now, number());
                node.Tell(told, now);
                yield return (node.Owner, told);
            }
        }
    }

    private FetchProtocol.HostPlaces Terms(int places, TimeSpan now, long generation)
    {
        TimeSpan pause = IsUnpaused(now) ? TimeSpan.Zero : State.PausedUntil - now;
        int turn = State.IsGivenUp ? 1 : HasTurns ? RequestsOfATurn : 0;
        string? refusal = State.IsGivenUp ? State.TurnedAway.Kind.WireName() : null;
        return new FetchProtocol.HostPlaces(host, generation, places, State.Era, pause, State.IsGivenUp, refusal, turn);
    }

    // A host that is given up has one place, for a probe, when it is time for one.
    private int Places(TimeSpan now) => !State.IsGivenUp ? State.Places : now >= State.ProbeAt ? 1 : 0;

    private bool IsUnpaused(TimeSpan now) => now >= State.PausedUntil;

    private void Judge(FetchProtocol.HostUse use, int goodEra, TimeSpan now, RetryOptions retry)
    {
        bool matters = State is not { IsAsNew: true, RefusalsInARow: 0 };
        int most = HostState.AnswersForAPlace * (limit ?? 1);
        for (int i = 0; matters && i < Math.Min(use.GoodAnswers, most); i++)
        {
            State = State.Taken().Returned(Good, goodEra, now, retry);
        }

        foreach (FetchProtocol.HostRefusal refusal in use.Refusals)
        {
            if (FetchOutcomeNames.TryParse(refusal.Outcome, out FetchOutcomeKind kind)
                && new FetchOutcome(kind, refusal.Detail, IsTransient: true, refusal.RetryAfter) is var outcome && HostState.IsRefusal(outcome))
            {
                // A later era than the present one is an earlier coordinator's.
                State = State.Taken().Returned(outcome, Math.Min(refusal.Era, State.Era), now, retry);
            }
        }
    }

    private Borrower NodeOf(NodeOwner owner)
    {
        if (_row.Find(node => node.Owner == owner) is not { } known)
        {
            known = new Borrower(owner);
            _row.Add(known);
        }

        return known;
    }

    private void ToTheBack(Borrower node)
    {
        _row.Remove(node);
        _row.Add(node);
    }
}
