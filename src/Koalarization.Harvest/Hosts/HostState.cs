using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Hosts;

/// <summary>
/// How a job treats one host: how many requests may be in flight at once, and from when on. Immutable, without a clock and without threads; times are
/// of whatever clock the caller has, counted from anywhere.
/// </summary>
/// <remarks>
/// <para>429 and 503 halve the limit (never below one); 100 good answers give one back, up to the number that the host began with: a host is not
/// asked faster because it is quick, only as fast as before it complained.</para>
/// <para>Of the requests that were in flight when the limit was halved, none halves them again: they were sent at the old rate, and their answers
/// are about the same overload. A request sent afterwards that is refused as well does.</para>
/// <para>A host that refuses <see cref="RefusalsToGiveUp"/> requests, sent one after the other's refusal, without a good answer between is given up for
/// now: links are rejected without a request, but for one every <see cref="ProbeAfter"/>. A good answer opens it again, with a limit of one.</para>
/// </remarks>
public sealed record HostState
{
    /// <summary>Good answers for which a halved host gets one permit back.</summary>
    public const int AnswersPerIncrease = 100;

    /// <summary>Refusals in a row after which a host is given up for now. Of requests that were in flight together one counts.</summary>
    public const int RefusalsToGiveUp = 20;

    /// <summary>How long a host that is given up is left alone before one link is allowed to try it.</summary>
    public static readonly TimeSpan ProbeAfter = TimeSpan.FromMinutes(10);

    private HostState(int? limit)
    {
        Limit = limit;
        MaxInFlight = limit ?? int.MaxValue;
    }

    /// <summary>The initial limit; null: no limit.</summary>
    public int? Limit { get; }

    /// <summary>Requests that may be in flight at once.</summary>
    public int MaxInFlight { get; private init; }

    /// <summary>Requests in flight. More than <see cref="MaxInFlight"/> for a while after a halving.</summary>
    public int InFlight { get; private init; }

    /// <summary>Good answers since the limit last changed; not counted while it is whole.</summary>
    public int GoodAnswers { get; private init; }

    /// <summary>How often the limit was halved. A permit carries the generation in which it was taken.</summary>
    public int Generation { get; private init; }

    /// <summary>Halvings without a good answer between: the next pause is doubled so often.</summary>
    public int HalvingsInARow { get; private init; }

    /// <summary>Refusals (429, and 503 with <c>Retry-After</c>) without a good answer between, of requests in flight together only one.</summary>
    public int RefusalsInARow { get; private init; }

    /// <summary>Whether the host is given up for now.</summary>
    public bool IsGivenUp => RefusalsInARow >= RefusalsToGiveUp;

    /// <summary>From when on a host that is given up may be asked by one link.</summary>
    public TimeSpan ProbeAt { get; private init; } = TimeSpan.MinValue;

    /// <summary>The outcome of a rejected link: what the host said last, and final.</summary>
    public FetchOutcome Rejection => new(LastRefusal, "the host refuses everything");

    /// <summary>No request goes out before.</summary>
    public TimeSpan PausedUntil { get; private init; } = TimeSpan.MinValue;

    /// <summary>Whether nothing is known of the host that a new one would not have: it may be forgotten.</summary>
    public bool IsAsNew => InFlight == 0 && HalvingsInARow == 0 && MaxInFlight == (Limit ?? int.MaxValue);

    private FetchOutcomeKind LastRefusal { get; init; } = FetchOutcomeKind.TooManyRequests;

    /// <summary>A host of which nothing is known.</summary>
    /// <param name="limit">Its limit; null: no limit.</param>
    public static HostState New(int? limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit ?? 1, 1, nameof(limit));
        return new HostState(limit);
    }

    /// <summary>Whether a request may go out.</summary>
    public bool CanTake(TimeSpan now) => InFlight < (IsGivenUp ? 1 : MaxInFlight) && now >= PausedUntil && (!IsGivenUp || now >= ProbeAt);

    /// <summary>Whether links are not to wait, but end as <see cref="Rejection"/>.</summary>
    public bool Rejects(TimeSpan now) => IsGivenUp && !CanTake(now);

    /// <summary>A request goes out: it takes a permit of the present <see cref="Generation"/>.</summary>
    public HostState Taken() => this with { InFlight = InFlight + 1 };

    /// <summary>A request came to an end without an outcome: it was cancelled.</summary>
    public HostState Cancelled() => this with { InFlight = InFlight - 1 };

    /// <summary>A request came to an outcome: its permit is free, and the host is treated accordingly.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="generation">The generation in which the permit was taken.</param>
    /// <param name="now">The present, on the caller's clock.</param>
    /// <param name="retry">How long to be silent where the host does not specify it, and at most.</param>
    public HostState Returned(FetchOutcome outcome, int generation, TimeSpan now, RetryOptions retry)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(retry);
        HostState free = Cancelled();
        if (IsRefusal(outcome))
        {
            HostState refused = generation == Generation ? free.Halved().Counting(outcome) : free;
            TimeSpan until = now + refused.PauseFor(outcome, isNews: generation == Generation, retry);
            return (refused with { PausedUntil = until > now && until > PausedUntil ? until : PausedUntil }).LeftAlone(now);
        }

        return IsGood(outcome) ? free.Opened().Answered(generation) : free.LeftAlone(now);
    }

    /// <summary>Whether a host is rate-limiting: 429, and 503.</summary>
    public static bool IsRefusal(FetchOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.Kind == FetchOutcomeKind.TooManyRequests || outcome is { Kind: FetchOutcomeKind.ServerError, Detail: "503" };
    }

    /// <summary>Whether the host answered, whatever was asked for, and did not mind.</summary>
    public static bool IsGood(FetchOutcome outcome) =>
        NetworkSignals.Of(outcome) == NetworkSignal.Answer && outcome.Kind is not (FetchOutcomeKind.ServerError or FetchOutcomeKind.Tls);

    private HostState Halved() => this with
    {
        MaxInFlight = Limit is null ? MaxInFlight : Math.Max(1, MaxInFlight / 2),
        Generation = Generation + 1,
        HalvingsInARow = HalvingsInARow + 1,
        GoodAnswers = 0,
    };

    // A 503 without it may be one broken page: it is no step towards giving up.
    private HostState Counting(FetchOutcome refusal) =>
        refusal.Kind == FetchOutcomeKind.TooManyRequests || refusal.RetryAfter is not null
            ? this with { RefusalsInARow = RefusalsInARow + 1, LastRefusal = refusal.Kind }
            : this;

    private HostState LeftAlone(TimeSpan now) => IsGivenUp ? this with { ProbeAt = now + ProbeAfter } : this;

    private HostState Opened() => this with { RefusalsInARow = 0, MaxInFlight = IsGivenUp && Limit is not null ? 1 : MaxInFlight };

    private HostState Answered(int generation)
    {
        HostState answered = generation == Generation && HalvingsInARow > 0 ? this with { HalvingsInARow = 0 } : this;
        if (answered.Limit is null || answered.MaxInFlight >= answered.Limit)
        {
            return answered;
        }

        return answered.GoodAnswers + 1 < AnswersPerIncrease
            ? answered with { GoodAnswers = answered.GoodAnswers + 1 }
            : answered with { GoodAnswers = 0, MaxInFlight = answered.MaxInFlight + 1 };
    }

    // "Retry-After: 0" counts as none: a host that answers 429 is not asked again at once. A 503 without it pauses only its own
    // link: it is often one broken page of a healthy host.
    private TimeSpan PauseFor(FetchOutcome outcome, bool isNews, RetryOptions retry)
    {
        if (outcome.RetryAfter is { } asked && asked > TimeSpan.Zero)
        {
            return asked < retry.LongestPause ? asked : retry.LongestPause;
        }

        bool backsOff = isNews && outcome.Kind == FetchOutcomeKind.TooManyRequests;
        return backsOff
            ? TimeSpan.FromSeconds(Math.Min(retry.FirstPause.TotalSeconds * Math.Pow(2, HalvingsInARow - 1), retry.LongestPause.TotalSeconds))
            : TimeSpan.Zero;
    }
}
