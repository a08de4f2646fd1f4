using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Hosts;

/// <summary>
/// How many requests may be on the way to one host, and from when on. Mutable; every member is called under the gate's lock, must answer at once and
/// must not call the gate. Times are of the gate's clock, counted from the gate's beginning.
/// </summary>
internal interface IHostLimit
{
    /// <summary>A place remembers the era in which it was taken.</summary>
    int Generation { get; }

    /// <summary>Requests on the way.</summary>
    int InFlight { get; }

    /// <summary>Requests that may be on the way, for people; null: no limit.</summary>
    int? MaxInFlight { get; }

    /// <summary>No request goes out before.</summary>
    TimeSpan PausedUntil { get; }

    /// <summary>Whether the host is given up for now.</summary>
    bool IsGivenUp { get; }

    /// <summary>The outcome of a link that is turned away.</summary>
    FetchOutcome Rejection { get; }

    /// <summary>Cancels the requests that start now, when what allows them ends before they do.</summary>
    CancellationToken Expiry { get; }

    /// <summary>Whether a request may go out.</summary>
    bool CanTake(TimeSpan now);

    /// <summary>Whether links are not to wait, but end as <see cref="Rejection"/>.</summary>
    bool Rejects(TimeSpan now);

    /// <summary>Whether nobody loses anything when this object is forgotten, provided that no link waits.</summary>
    bool IsIdle(TimeSpan now);

    /// <summary>Whether it knows nothing that a new one would not know; only asked when it is idle.</summary>
    bool IsAsNew { get; }

    /// <summary>So many links wait for the host now, those on the way not counted.</summary>
    void Waits(int links);

    /// <summary>A request goes out: it has a place, of the present <see cref="Generation"/>.</summary>
    void Take();

    /// <summary>A request came to an outcome, or to none, because somebody gave it up: its place is free.</summary>
    /// <param name="outcome">The outcome, or null.</param>
    /// <param name="generation">The era in which the place was taken.</param>
    /// <param name="now">The present.</param>
    void Return(FetchOutcome? outcome, int generation, TimeSpan now);
}
