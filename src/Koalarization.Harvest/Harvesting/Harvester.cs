namespace Koalarization.Harvest;

/// <summary>
/// Fetches many links politely: not too many at once, gently to each host, again where a failure may pass, and without taking a broken network for dead
/// links. Thread-safe; one for a whole process. Thousands of links may wait here at once; one that waits holds nothing but its own call.
/// </summary>
/// <remarks>What it decides is decided by <see cref="HostState"/>, <see cref="AlarmState"/> and <see cref="RetryPolicy"/>; it carries the mail.</remarks>
public sealed class Harvester : IDisposable
{
    private readonly IWeb _web;
    private readonly HarvestOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly HostQueues _hosts;
    private readonly NetworkWatch _network;

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
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallel, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HostLimit, 1, nameof(options));
        _web = web;
        _options = options;
        _clock = web.Clock;
        _start = _clock.GetTimestamp();
        _hosts = new HostQueues(options, _clock, Wake);
        _network = new NetworkWatch(web, options.Probe, _gate, () => _hosts.Hosts, Start, notify ?? (_ => { }), inBackground);
    }

    /// <summary>Links being fetched now, those that wait not counted.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _hosts.InFlight;
            }
        }
    }

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
            (HostPlace place, FetchOutcome? turnedAway) = await PlaceAsync(host, cancellationToken);
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

            await Task.Delay(pause, _clock, cancellationToken);
            tries++;
        }
    }

    /// <summary>Ends what waits here.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _network.Dispose();
            _hosts.Dispose();
        }
    }

    /// <summary>One try, at a place of the host's. An outcome that may be the network's fault comes with its judgement to wait for.</summary>
    private async Task<(FetchOutcome Outcome, OpenOutcome? Open)> TryAsync(
        Link link, HostPlace place, bool failedBefore, CancellationToken cancellationToken)
    {
        FetchOutcome? outcome = null;
        OpenOutcome? open = null;
        try
        {
            outcome = await _web.FetchAsync(link, cancellationToken);
            return (outcome, open = OpenOutcome.For(outcome, place.Queue.Host, failedBefore));
        }
        finally
        {
            Return(place, outcome, open);
        }
    }

    private async Task<(HostPlace Place, FetchOutcome? TurnedAway)> PlaceAsync(LinkHost host, CancellationToken cancellationToken)
    {
        var request = new PlaceRequest();
        lock (_gate)
        {
            _hosts.Add(host, request);
            Start();
        }

        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((PlaceRequest)state!).TrySetCanceled(token), request);
        return await request.Task;
    }

    private void Return(HostPlace place, FetchOutcome? outcome, OpenOutcome? open)
    {
        lock (_gate)
        {
            TimeSpan before = place.Queue.State.PausedUntil;
            TimeSpan now = Now();
            _hosts.Return(place, outcome, now);
            if (place.Queue.State.IsGivenUp)
            {
                SayGivenUp(place.Queue);
            }
            else if (before < now && place.Queue.State is { PausedUntil: var until } state && until > now)
            {
                _network.Notify(new HostPaused(place.Queue.Host, until - now, state.Limit is null ? null : state.Places));
            }

            if (outcome is not null)
            {
                _network.Saw(outcome, place.Queue.Host, place.Moment, open);
            }

            Start();
        }

        _network.SayNotices();
    }

    private void SayGivenUp(HostQueue queue)
    {
        if (!queue.IsSaidToBeGivenUp)
        {
            queue.IsSaidToBeGivenUp = true;
            _network.Notify(new HostGivenUp(queue.Host, queue.Waiting.Count(request => !request.Task.IsCompleted)));
        }
    }

    private void Wake(HostQueue queue)
    {
        lock (_gate)
        {
            _hosts.Wake(queue);
            Start();
        }

        _network.SayNotices();
    }

    /// <summary>Starts what can be started; when nothing is on the way then, nothing will settle what is open. Under the lock.</summary>
    private void Start()
    {
        if (_network.LetsFetch)
        {
            _hosts.Start(Now(), _network.Moment);
        }

        if (_hosts.InFlight == 0)
        {
            _network.Quiet();
        }
    }

    private TimeSpan Now() => _clock.GetElapsedTime(_start);
}
