using Koalarization.Harvest.Links;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// Fetches many links politely: not too many at once, not too many per host, again where a failure may pass, and without taking a broken network for dead
/// links. Thread-safe; one for a whole process. Thousands of links may wait here at once; one that waits takes nothing but its own call.
/// </summary>
public sealed class LinkDownloader : IDisposable
{
    private readonly FetchThrottle _throttle;
    private readonly FetchDriver _driver;

    /// <summary>A downloader without links.</summary>
    /// <param name="fetcher">Tries links. The caller disposes it; it gives the clock.</param>
    /// <param name="options">How many, how gently, how patiently.</param>
    /// <param name="notify">Receives what the user should know; called from any thread, one call at a time, and must not throw.</param>
    public LinkDownloader(LinkFetcher fetcher, DownloadOptions options, Action<OutageNotice>? notify = null)
        : this((ILinkFetcher)fetcher, options, notify)
    {
    }

    internal LinkDownloader(ILinkFetcher fetcher, DownloadOptions options, Action<OutageNotice>? notify)
    {
        ArgumentNullException.ThrowIfNull(fetcher);
        ArgumentNullException.ThrowIfNull(options);
        _throttle = new FetchThrottle(fetcher, options, notify);
        _driver = new FetchDriver(fetcher, _throttle, options.Retry);
    }

    /// <summary>Links being fetched now, those that wait not counted.</summary>
    public int InFlight => _throttle.InFlight;

    /// <summary>Fetches a link until its outcome is final.</summary>
    /// <param name="link">The link.</param>
    /// <param name="cancellationToken">Cancels it, whatever it waits for.</param>
    /// <returns>The outcome; the caller disposes it, and does not wait for other links before (<see cref="PictureBody"/>).</returns>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/> only.</exception>
    public async Task<DownloadedLink> FetchAsync(Link link, CancellationToken cancellationToken)
    {
        var fetch = LinkFetch.Of(link);
        while (fetch.Next != FetchStep.Done)
        {
            fetch = await _driver.StepAsync(fetch, source: null, cancellationToken);
        }

        return fetch.Result;
    }

    /// <summary>Fails what waits here.</summary>
    public void Dispose() => _throttle.Dispose();
}
