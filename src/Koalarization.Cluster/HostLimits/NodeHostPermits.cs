using Koalarization.Cluster.Fetching;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>What a fetch node may do at one host for one job, by permits of the coordinator. Guarded by the throttle's lock.</summary>
/// <remarks>
/// Until the coordinator has answered a refusal no request starts. A request starts only when it will end within the permit's life by the job's
/// <c>--timeout</c>, and is cancelled when the life ends first, which takes a process that was stopped.
/// </remarks>
internal sealed class NodeHostPermits(NodePermits node, JobId job, LinkHost host) : IHostLimit
{
    /// <summary>For so long links are rejected without asking the coordinator again.</summary>
    private static readonly TimeSpan RejectsFor = TimeSpan.FromSeconds(10);

    private FetchProtocol.HostGrant _grant = FetchProtocol.HostGrant.None(host.ToString());
    private FetchProtocol.HostRefusal? _refusal;
    private TimeSpan? _refusalReportedAt;
    private TimeSpan? _unusedReportedAt;
    private TimeSpan _rejectsUntil;
    private CancellationTokenSource? _expiry;
    private long _granted;
    private long _returned;
    private int _waiting;
    private int _goodAnswers;
    private int _reportedWanted;

    public JobId Job => job;

    public LinkHost Host => host;

    public int Generation => _grant.Generation;

    public int InFlight { get; private set; }

    public int? MaxInFlight => host.IsLoopback ? null : (int)Math.Min(_grant.Share, Count);

    public TimeSpan PausedUntil { get; private set; } = TimeSpan.MinValue;

    public bool IsGivenUp => _grant.IsGivenUp;

    public FetchOutcome Rejection =>
        new(FetchOutcomeNames.TryParse(_grant.Refusal, out FetchOutcomeKind kind) ? kind : FetchOutcomeKind.TooManyRequests, "the host refuses everything");

    public CancellationToken Expiry => (_expiry ??= new CancellationTokenSource()).Token;

    // The node's table remembers it until the coordinator knows that all is given back; who opens it again gets the same one.
    public bool IsAsNew => true;

    /// <summary>Permits that no other node has.</summary>
    public long Count => _granted - _returned;

    /// <summary>A refusal that has not been reported.</summary>
    public bool HasNewRefusal => _refusal is not null && _refusalReportedAt is null;

    /// <summary>Whether there is anything to report before the next report of everything.</summary>
    public bool HasNews => HasNewRefusal || Surplus > 0 || Wanted > Math.Max(Count, _reportedWanted);

    /// <summary>Links that wait or are being fetched.</summary>
    private int Wanted => _waiting + InFlight;

    private long Surplus => Math.Max(0, Count - Math.Max(InFlight, Math.Min(Wanted, _grant.Share)));

    private bool IsUnused => Wanted == 0 && Count == 0 && _refusal is null;

    private TimeSpan ValidUntil => _grant.ReportedAt + node.LifeOf(job);

    public bool CanTake(TimeSpan now) =>
        InFlight < Math.Min(Count, _grant.Share) && now >= PausedUntil && now <= ValidUntil - node.TryTimeoutOf(job) && _refusal is null;

    public bool Rejects(TimeSpan now) => IsGivenUp && now < _rejectsUntil && !CanTake(now);

    public bool IsIdle(TimeSpan now) => InFlight == 0 && (!IsGivenUp || now >= _rejectsUntil);

    public void Waits(int links)
    {
        _waiting = links;
        node.Changed(this);
    }

    public void Take()
    {
        InFlight++;

        // The permit of a host that is given up is for one request.
        _grant = IsGivenUp ? _grant with { Share = 0 } : _grant;
        node.Changed(this);
    }

    public void Return(FetchOutcome? outcome, int generation, TimeSpan now)
    {
        InFlight--;
        if (outcome is not null && HostState.IsRefusal(outcome))
        {
            Add(new FetchProtocol.HostRefusal(outcome.Kind.WireName(), outcome.Detail, outcome.RetryAfter, generation), outcome.Kind);
        }
        else if (outcome is not null && HostState.IsGood(outcome) && generation == Generation)
        {
            _goodAnswers++;
        }

        node.Changed(this);
    }

    /// <summary>The coordinator has answered. An answer that is older than another one, or than the permit's life, is passed over.</summary>
    public void Apply(FetchProtocol.HostGrant grant, TimeSpan now)
    {
        if (grant.ReportedAt < _grant.ReportedAt || now >= grant.ReportedAt + node.LifeOf(job))
        {
            return;
        }

        _grant = grant;
        _granted = Math.Max(_granted, grant.Granted);
        _returned = Math.Max(_returned, grant.Returned);
        _refusal = grant.ReportedAt >= _refusalReportedAt ? null : _refusal;
        _unusedReportedAt = IsUnused ? _unusedReportedAt : null;
        PausedUntil = grant.Pause > TimeSpan.Zero && now + grant.Pause > PausedUntil ? now + grant.Pause : PausedUntil;
        _rejectsUntil = now + RejectsFor;
    }

    /// <summary>The next report to the coordinator. Permits that no link needs are given back by it.</summary>
    public FetchProtocol.HostUsage Report(TimeSpan now)
    {
        _returned += Surplus;
        var usage = new FetchProtocol.HostUsage(host.ToString(), Wanted, _granted, _returned, Generation, _goodAnswers, _refusal);
        _reportedWanted = Wanted;
        _goodAnswers = 0;
        _refusalReportedAt ??= _refusal is null ? null : now;
        _unusedReportedAt = IsUnused ? _unusedReportedAt ?? now : null;
        return usage;
    }

    /// <summary>Whether the coordinator knows that nothing is used here, or has forgotten what was.</summary>
    public bool IsForgettable(TimeSpan now) =>
        IsUnused && _unusedReportedAt is { } at && (_grant.ReportedAt >= at || now >= at + node.LifeOf(job));

    /// <summary>Ends the permits when their life is over, and cancels the requests under them.</summary>
    public void Expire(TimeSpan now)
    {
        if (Count > 0 && now >= ValidUntil)
        {
            // The coordinator no longer knows of this node: what it wants is news again.
            _returned = _granted;
            _reportedWanted = 0;
            _ = _expiry?.CancelAsync();
            _expiry = null;
        }
    }

    // One refusal is enough for a report: the harder one, of the last generation, with the longest pause.
    private void Add(FetchProtocol.HostRefusal refusal, FetchOutcomeKind kind)
    {
        FetchProtocol.HostRefusal known = _refusal ?? refusal;
        FetchProtocol.HostRefusal both = (kind == FetchOutcomeKind.TooManyRequests ? refusal : known) with
        {
            RetryAfter = refusal.RetryAfter > (known.RetryAfter ?? TimeSpan.Zero) ? refusal.RetryAfter : known.RetryAfter,
            Generation = Math.Max(refusal.Generation, known.Generation),
        };
        _refusalReportedAt = both == _refusal ? _refusalReportedAt : null;
        _refusal = both;
    }
}
