using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Hosts;

/// <summary>
/// How many requests may be in flight to one host, and from when on. Mutable; every member is called under the throttle's lock, must answer at once and
/// must not call the throttle. Times are of the throttle's clock, counted from the throttle's beginning.
/// </summary>
internal interface IHostLimit
{
    /// <summary>A permit carries the generation in which it was taken.</summary>
    int Generation { get; }

    /// <summary>Requests in flight.</summary>
    int InFlight { get; }

    /// <summary>Requests that may be in flight, for people; null: no limit.</summary>
    int? MaxInFlight { get; }

    /// <summary>No request goes out before.</summary>
    TimeSpan PausedUntil { get; }

    /// <summary>Whether the host is given up for now.</summary>
    bool IsGivenUp { get; }

    /// <summary>The outcome of a rejected link.</summary>
    FetchOutcome Rejection { get; }

    /// <summary>Cancels the requests that start now, when what allows them ends before they do.</summary>
    CancellationToken Expiry { get; }

    /// <summary>Whether a request may go out.</summary>
    bool CanTake(TimeSpan now);

    /// <summary>Whether links are not to wait, but end as <see cref="Rejection"/>.</summary>
    bool Rejects(TimeSpan now);

    /// <summary>Whether this object can be forgotten without loss, provided that no link waits.</summary>
    bool IsIdle(TimeSpan now);

    /// <summary>Whether it knows nothing that a new one would not know; only asked when it is idle.</summary>
    bool IsAsNew { get; }

    /// <summary>So many links wait for the host now, those in flight not counted.</summary>
    void Waits(int links);

    /// <summary>A request goes out: it takes a permit of the present <see cref="Generation"/>.</summary>
    void Take();

    /// <summary>A request came to an outcome, or to none, because it was cancelled: its permit is free.</summary>
    /// <param name="outcome">The outcome, or null.</param>
    /// <param name="generation">The generation in which the permit was taken.</param>
    /// <param name="now">The present.</param>
    void Return(FetchOutcome? outcome, int generation, TimeSpan now);
}
