using Koalarization.Cluster.Fetching;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Cluster.HostLimits;

/// <summary>What this node may do at one host, by permits of the coordinator. Guarded by the lock of its <see cref="NodeHostPermits"/>.</summary>
/// <remarks>
/// Until the coordinator has answered a refusal no request starts. A request starts only when it will end within the permit's life, and is cancelled
/// when the life ends first, which takes a process that was stopped.
/// </remarks>
internal sealed class HostPermit(LinkHost host, NodeHostPermits table) : IHostLimit
{
    /// <summary>For so long links are rejected without asking the coordinator again.</summary>
    private static readonly TimeSpan RejectsFor = TimeSpan.FromSeconds(10);

    private readonly List<FetchProtocol.HostRefusal> _refusals = [];
    private FetchProtocol.HostGrant _last = FetchProtocol.HostGrant.None(host.ToString());
    private TimeSpan _rejectsUntil;
    private TimeSpan? _reportedUnusedAt;
    private CancellationTokenSource? _expiry;
    private long _granted;
    private long _returned;
    private int _share;
    private int _waiting;
    private int _goodAnswers;
    private int _reportedWanted;

    public LinkHost Host => host;

    public int Generation => _last.Generation;

    public int InFlight { get; private set; }

    public int? MaxInFlight => _share >= FetchProtocol.HostGrant.Unlimited ? null : (int)Math.Min(_share, Count);

    public TimeSpan PausedUntil { get; private set; } = TimeSpan.MinValue;

    public bool IsGivenUp => _last.IsGivenUp;

    public FetchOutcome Rejection =>
        new(FetchOutcomeNames.TryParse(_last.Refusal, out FetchOutcomeKind kind) ? kind : FetchOutcomeKind.TooManyRequests, "the host refuses everything");

    public CancellationToken Expiry => (_expiry ??= new CancellationTokenSource()).Token;

    /// <summary>Links that wait or are being fetched.</summary>
    public int Wanted => _waiting + InFlight;

    /// <summary>Permits that no other node has.</summary>
    public long Count => _granted - _returned;

    /// <summary>A refusal that has not been reported.</summary>
    public bool HasNewRefusal { get; private set; }

    /// <summary>Whether there is anything to report before the next report of everything.</summary>
    public bool HasNews => HasNewRefusal || Surplus > 0 || WantsMore || (Wanted == 0 && _reportedWanted > 0);

    // The table remembers it until the coordinator knows that all is given back; who opens it again gets the same one.
    public bool IsAsNew => true;

    private bool IsUnused => Wanted == 0 && Count == 0 && !HasNewRefusal;

    private long Surplus => Count - (_share >= FetchProtocol.HostGrant.Unlimited && Wanted > 0 ? Count : Math.Max(InFlight, Math.Min(Wanted, _share)));

    // How much is missing matters only for what is divided among many: an increase is reported when it is a large one.
    private bool WantsMore => Wanted > Count && Wanted > _reportedWanted && (_reportedWanted <= Count || Wanted >= 2 * _reportedWanted);

    private bool AwaitsAnswer => _refusals.Exists(refusal => refusal.Generation == Generation);

    private TimeSpan ValidUntil => _last.ReportedAt + table.Life;

    public bool CanTake(TimeSpan now) =>
        InFlight < Math.Min(Count, _share) && now >= PausedUntil && now <= ValidUntil - table.TryTimeout && !AwaitsAnswer;

    public bool Rejects(TimeSpan now) => IsGivenUp && now < _rejectsUntil && !CanTake(now);

    public bool IsIdle(TimeSpan now) => InFlight == 0 && (!IsGivenUp || now >= _rejectsUntil);

    public void Waits(int links)
    {
        using (table.Changing(this))
        {
            _waiting = links;
        }
    }

    public void Take()
    {
        using (table.Changing(this))
        {
            InFlight++;

            // The permit of a host that is given up is for one request.
            _share = IsGivenUp ? 0 : _share;
        }
    }

    public void Return(FetchOutcome? outcome, int generation, TimeSpan now)
    {
        using (table.Changing(this))
        {
            InFlight--;
            if (outcome is not null && HostState.IsRefusal(outcome))
            {
                Add(new FetchProtocol.HostRefusal(outcome.Kind.WireName(), outcome.Detail, outcome.RetryAfter, generation));
            }
            else if (outcome is not null && HostState.IsGood(outcome) && generation == Generation)
            {
                _goodAnswers++;
            }
        }
    }

    /// <summary>The coordinator has answered. An answer that is older than another one, or than the permit's life, is passed over.</summary>
    public void Apply(FetchProtocol.HostGrant grant, TimeSpan now)
    {
        using (table.Changing(this))
        {
            if (grant.ReportedAt < _last.ReportedAt || now >= grant.ReportedAt + table.Life)
            {
                return;
            }

            _last = grant;
            _granted = Math.Max(_granted, grant.Granted);
            _returned = Math.Max(_returned, grant.Returned);
            _share = grant.Share;
            _refusals.RemoveAll(refusal => refusal.Generation != grant.Generation);
            PausedUntil = grant.Pause > TimeSpan.Zero && now + grant.Pause > PausedUntil ? now + grant.Pause : PausedUntil;
            _rejectsUntil = now + RejectsFor;
        }
    }

    /// <summary>The next report to the coordinator. Permits that no link needs are given back by it. Under the lock.</summary>
    public FetchProtocol.HostUsage Report(TimeSpan now)
    {
        _returned += Math.Max(0, Surplus);
        var usage = new FetchProtocol.HostUsage(host.ToString(), Wanted, _granted, _returned, Generation, _goodAnswers, [.. _refusals]);
        _reportedWanted = Wanted;
        _goodAnswers = 0;
        HasNewRefusal = false;
        _reportedUnusedAt = IsUnused ? _reportedUnusedAt ?? now : null;

        // Those of the present generation are reported again until there is an answer.
        _refusals.RemoveAll(refusal => refusal.Generation != Generation);
        return usage;
    }

    /// <summary>Whether the coordinator knows that nothing is used here, or has forgotten what was. Under the lock.</summary>
    public bool IsForgettable(TimeSpan now)
    {
        _reportedUnusedAt = IsUnused ? _reportedUnusedAt : null;
        return _reportedUnusedAt is { } at && (_last.ReportedAt >= at || now >= at + table.Life);
    }

    /// <summary>Ends the permits whose life is over. Under the lock.</summary>
    /// <returns>Cancels the requests under them; null when there are none.</returns>
    public CancellationTokenSource? Expire(TimeSpan now)
    {
        if (Count == 0 || now < ValidUntil)
        {
            return null;
        }

        // The coordinator no longer knows of this node: what it wants is news again.
        _returned = _granted;
        _reportedWanted = 0;
        CancellationTokenSource? expiry = _expiry;
        _expiry = null;
        return expiry;
    }

    // Of the refusals of one generation and kind the one with the longest pause is enough; there are few others.
    private void Add(FetchProtocol.HostRefusal refusal)
    {
        int known = _refusals.FindIndex(other => other.Generation == refusal.Generation && other.Outcome == refusal.Outcome);
        if (known < 0 && _refusals.Count < FetchProtocol.HostUsage.MaxRefusals)
        {
            _refusals.Add(refusal);
            HasNewRefusal = true;
        }
        else if (known >= 0 && refusal.RetryAfter > (_refusals[known].RetryAfter ?? TimeSpan.Zero))
        {
            _refusals[known] = refusal;
            HasNewRefusal = true;
        }
    }
}
