namespace Koalarization.Harvest;

/// <summary>
/// Fetches many links politely: not too many at once, gently to each host, again where a failure may pass, and without taking a broken network for dead
/// links. Thread-safe; one for a whole process. Thousands of links may wait here at once; one that waits holds nothing but its own call.
/// </summary>
/// <remarks>Whether a link may go out is the gate's business; whether it is tried again, that of <see cref="RetryPolicy"/>.</remarks>
public sealed class Harvester : IDisposable
{
    private readonly IWeb _web;
    private readonly HarvestOptions _options;
    private readonly HarvestGate _gate;

    /// <summary>A harvester without links.</summary>
    /// <param name="fetcher">Tries links. It stays the caller's to dispose, and gives the clock.</param>
    /// <param name="options">How many, how gently, how patiently.</param>
    /// <param name="notify">Told what the user should know; called from any thread, one call at a time, and must not throw.</param>
    public Harvester(LinkFetcher fetcher, HarvestOptions options, Action<HarvestNotice>? notify = null)
        : this(fetcher, options, notify, work => _ = Task.Run(work))
    {
    }

    internal Harvester(IWeb web, HarvestOptions options, Action<HarvestNotice>? notify, Action<Func<Task>> inBackground)
    {
        ArgumentNullException.ThrowIfNull(web);
        ArgumentNullException.ThrowIfNull(options);
        _web = web;
        _options = options;
        _gate = new HarvestGate(web, options, notify, inBackground);
    }

    /// <summary>Links being fetched now, those that wait not counted.</summary>
    public int InFlight => _gate.InFlight;

    /// <summary>Fetches a link until its outcome is final.</summary>
    /// <param name="link">The link.</param>
    /// <param name="cancellationToken">Gives it up, whatever it waits for.</param>
    /// <returns>What became of it; the caller disposes it, and does not wait for other links before (<see cref="PictureBody"/>).</returns>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/> only.</exception>
    public async Task<HarvestedLink> FetchAsync(Link link, CancellationToken cancellationToken)
    {
        if (!LinkHost.TryParse(link.Url, out LinkHost host))
        {
            return new HarvestedLink(link, await _web.FetchAsync(link, cancellationToken), Tries: 1);
        }

        bool failedBefore = false;
        for (int tries = 1; ;)
        {
            (HostPlace place, FetchOutcome? turnedAway) = await _gate.EnterAsync(host, source: null, cancellationToken);
            if (turnedAway is not null)
            {
                // No request was made: the alarm does not hear of it.
                return new HarvestedLink(link, turnedAway, tries - 1);
            }

            (FetchOutcome outcome, OpenOutcome? open) = await TryAsync(link, place, failedBefore, cancellationToken);
            if (open is not null && !await open.Task.WaitAsync(cancellationToken))
            {
                continue;
            }

            failedBefore |= open is not null;

            if (RetryPolicy.PauseBeforeNextTry(outcome, tries, Random.Shared.NextDouble(), _options.Retry) is not { } pause)
            {
                return new HarvestedLink(link, outcome, tries);
            }

            await Task.Delay(pause, _web.Clock, cancellationToken);
            tries++;
        }
    }

    /// <summary>Ends what waits here.</summary>
    public void Dispose() => _gate.Dispose();

    /// <summary>One try, at a place of the host's. An outcome that may be the network's fault comes with its judgement to wait for.</summary>
    private async Task<(FetchOutcome Outcome, OpenOutcome? Open)> TryAsync(
        Link link, HostPlace place, bool failedBefore, CancellationToken cancellationToken)
    {
        FetchOutcome outcome;
        try
        {
            outcome = await _web.FetchAsync(link, cancellationToken);
        }
        catch
        {
            _gate.Return(place, outcome: null, failedBefore);
            throw;
        }

        return (outcome, _gate.Return(place, outcome, failedBefore));
    }
}
