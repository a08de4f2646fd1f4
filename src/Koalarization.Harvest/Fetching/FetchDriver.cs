using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Fetching;

/// <summary>Takes the next step of a <see cref="LinkFetch"/>, for <see cref="LinkDownloader"/> and for the actors of a fetch node. Thread-safe.</summary>
/// <param name="fetcher">Tries links, and gives the clock.</param>
/// <param name="throttle">Gives permits.</param>
/// <param name="retry">When a link is tried again.</param>
internal sealed class FetchDriver(ILinkFetcher fetcher, FetchThrottle throttle, RetryOptions retry)
{
    /// <summary>Takes the next step.</summary>
    /// <param name="fetch">A link that is not done.</param>
    /// <param name="source">Where its host's limit comes from; null: only this process fetches from the host.</param>
    /// <param name="cancellation">Ends the step.</param>
    /// <returns>The link afterwards. A permit in it is the caller's: take the step that uses it, or <see cref="Abandon"/> it.</returns>
    public async Task<LinkFetch> StepAsync(LinkFetch fetch, IHostLimitSource? source, CancellationToken cancellation)
    {
        switch (fetch.Next)
        {
            case FetchStep.WaitForPermit:
                LinkFetch permitted = fetch.Permitted(await throttle.EnterAsync(fetch.Host!.Value, source, cancellation));
                if (cancellation.IsCancellationRequested)
                {
                    Abandon(permitted);
                    throw new OperationCanceledException(cancellation);
                }

                return permitted;
            case FetchStep.Fetch:
                return await FetchAsync(fetch, cancellation);
            case FetchStep.WaitForVerdict:
                return fetch.Settled(await fetch.Pending!.Task.WaitAsync(cancellation), Random.Shared.NextDouble(), retry);
            case FetchStep.Pause:
                await Task.Delay(fetch.Pause, fetcher.Clock, cancellation);
                return fetch.Paused();
            default:
                throw new InvalidOperationException("The link is done.");
        }
    }

    /// <summary>Gives back what a link has that is not gone on with: its permit, or its body.</summary>
    public void Abandon(LinkFetch fetch)
    {
        if (fetch.Permit is { } permit)
        {
            throttle.Return(permit, outcome: null, fetch.FailedBefore);
        }

        fetch.Outcome?.Dispose();
    }

    private async Task<LinkFetch> FetchAsync(LinkFetch fetch, CancellationToken cancellation)
    {
        CancellationToken expiry = fetch.Permit?.Expiry ?? CancellationToken.None;
        FetchOutcome outcome;
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, expiry);
            outcome = await fetcher.FetchAsync(fetch.Link, fetch.Try >= retry.MaxTries, ending.Token);
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            Abandon(fetch);
            return fetch.Repeated();
        }
        catch
        {
            Abandon(fetch);
            throw;
        }

        // What does not count says nothing of the host and of the network either.
        bool counts = fetch.Counts(outcome);
        PendingOutcome? pending = fetch.Permit is { } permit ? throttle.Return(permit, counts ? outcome : null, fetch.FailedBefore) : null;
        if (outcome.Uncounted is UncountedTry.MachineLimit or UncountedTry.Proxy)
        {
            string fault = outcome.Detail ?? "";
            throttle.ReportWait(outcome.Uncounted == UncountedTry.Proxy ? new ProxyFailed(fault) : new MachineLimitReached(fault));
        }

        return fetch.Fetched(outcome, pending, Random.Shared.NextDouble(), retry);
    }
}
