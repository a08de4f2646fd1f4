using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Fetching;

/// <summary>What a link needs next.</summary>
internal enum FetchStep
{
    /// <summary>A permit of the throttle.</summary>
    WaitForPermit,

    /// <summary>A request.</summary>
    Fetch,

    /// <summary>To know whether its outcome is the network's fault.</summary>
    WaitForVerdict,

    /// <summary>A pause before the next try.</summary>
    Pause,

    /// <summary>Nothing: its outcome is final.</summary>
    Done,
}

/// <summary>
/// One link from its first try to its final outcome: what comes next, and what follows from each step's result. Immutable, without a clock and without
/// threads. <see cref="FetchDriver"/> takes the steps.
/// </summary>
internal sealed record LinkFetch
{
    /// <summary>Tries that do not count because the process did not run; a further one counts, since a machine may be too busy for ever.</summary>
    public const int MaxPausedTries = 8;

    private static readonly TimeSpan LongestUncountedPause = TimeSpan.FromSeconds(30);

    private LinkFetch(Link link)
    {
        Link = link;
        Host = LinkHost.TryParse(link.Url, out LinkHost host) ? host : null;
    }

    public Link Link { get; }

    /// <summary>The host; null: no request can be made of the URL, and the try says why, without a permit.</summary>
    public LinkHost? Host { get; }

    public FetchStep Next { get; private init; }

    /// <summary>The present try, from 1.</summary>
    public int Try { get; private init; } = 1;

    /// <summary>Whether an outcome was confirmed before that might have been the network's fault.</summary>
    public bool FailedBefore { get; private init; }

    /// <summary>Tries that did not count, in a row (<see cref="UncountedTry"/>).</summary>
    public int UncountedTries { get; private init; }

    /// <summary>Those of them, of all, in which the process did not run.</summary>
    public int PausedTries { get; private init; }

    /// <summary>Whether the pause is before the same try, which did not count.</summary>
    public bool RepeatsTry { get; private init; }

    /// <summary>What the request is made with.</summary>
    public FetchPermit? Permit { get; private init; }

    /// <summary>What to wait for before <see cref="Outcome"/> is judged.</summary>
    public PendingOutcome? Pending { get; private init; }

    /// <summary>The pause before the next try.</summary>
    public TimeSpan Pause { get; private init; }

    /// <summary>The last try's outcome; null before.</summary>
    public FetchOutcome? Outcome { get; private init; }

    /// <summary>The final outcome of a link that is done; the caller disposes it.</summary>
    public DownloadedLink Result => Next == FetchStep.Done ? new DownloadedLink(Link, Outcome!, Try) : throw new InvalidOperationException("The link is not done.");

    public static LinkFetch Of(Link link) => new LinkFetch(link).Repeated();

    /// <summary>The present try once more: it did not count.</summary>
    public LinkFetch Repeated() => this with
    {
        Next = Host is null ? FetchStep.Fetch : FetchStep.WaitForPermit,
        Permit = null,
        Pending = null,
        Outcome = null,
    };

    /// <summary>A rejected link is done without a request: the present try was none.</summary>
    public LinkFetch Permitted(PermitResult result) => result.Rejected is { } outcome
        ? this with { Next = FetchStep.Done, Outcome = outcome, Try = Try - 1 }
        : this with { Next = FetchStep.Fetch, Permit = result.Permit };

    /// <summary>Whether an outcome of the present try counts.</summary>
    public bool Counts(FetchOutcome outcome) => outcome.Uncounted switch
    {
        null => true,
        UncountedTry.ProcessPaused => PausedTries >= MaxPausedTries,
        _ => false,
    };

    /// <summary>The request came to an outcome, and the permit was given back. One that does not count is repeated after a pause.</summary>
    public LinkFetch Fetched(FetchOutcome outcome, PendingOutcome? pending, double random, RetryOptions retry)
    {
        if (!Counts(outcome))
        {
            double seconds = Math.Min(Math.Pow(2, UncountedTries), LongestUncountedPause.TotalSeconds) * (0.5 + (0.5 * random));
            return this with
            {
                Permit = null,
                Outcome = outcome,
                Next = FetchStep.Pause,
                Pause = outcome.Uncounted == UncountedTry.ProcessPaused ? TimeSpan.Zero : TimeSpan.FromSeconds(seconds),
                UncountedTries = UncountedTries + 1,
                PausedTries = outcome.Uncounted == UncountedTry.ProcessPaused ? PausedTries + 1 : PausedTries,
                RepeatsTry = true,
            };
        }

        LinkFetch fetched = this with { Permit = null, Outcome = outcome, Pending = pending, UncountedTries = 0 };
        return pending is null ? fetched.Judged(random, retry) : fetched with { Next = FetchStep.WaitForVerdict };
    }

    /// <summary>A final outcome is judged; one that was the network's fault costs no try.</summary>
    public LinkFetch Settled(bool isFinal, double random, RetryOptions retry) =>
        isFinal ? (this with { Pending = null, FailedBefore = true }).Judged(random, retry) : Repeated();

    /// <summary>The pause is over: the next try, or the present one once more if it did not count.</summary>
    public LinkFetch Paused() => Repeated() with { Try = RepeatsTry ? Try : Try + 1, RepeatsTry = false };

    private LinkFetch Judged(double random, RetryOptions retry) =>
        RetryPolicy.PauseBeforeNextTry(Outcome!, Try, random, retry) is { } pause
            ? this with { Next = FetchStep.Pause, Pause = pause }
            : this with { Next = FetchStep.Done };
}
