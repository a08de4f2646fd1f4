using System.Runtime.InteropServices;

namespace Koalarization.Harvest;

/// <summary>
/// Where every request of a process passes: not too many at once, gently to each host, none while the network looks broken. Thread-safe. Whoever waits
/// here holds nothing but the wait.
/// </summary>
/// <remarks>What it decides is decided by <see cref="IHostPlaces"/> and <see cref="AlarmState"/>; it carries the mail.</remarks>
internal sealed class HarvestGate : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly HostQueues _hosts;
    private readonly NetworkWatch _network;
    private long _returned;

    /// <param name="web">Probes hosts, and gives the clock.</param>
    /// <param name="options">How many, how gently.</param>
    /// <param name="notify">Told what the user should know; called from any thread, one call at a time, and must not throw.</param>
    /// <param name="inBackground">Runs what nobody waits for, elsewhere.</param>
    public HarvestGate(IWeb web, HarvestOptions options, Action<HarvestNotice>? notify, Action<Func<Task>> inBackground)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallel, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HostLimit, 1, nameof(options));
        _clock = web.Clock;
        _start = _clock.GetTimestamp();
        _hosts = new HostQueues(options, _clock, Wake);
        _network = new NetworkWatch(web, options.Probe, _gate, () => _hosts.Hosts, Start, notify ?? (_ => { }), inBackground);
    }

    /// <summary>Places in use.</summary>
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

    /// <summary>What is going on now.</summary>
    public GateLoad Load
    {
        get
        {
            lock (_gate)
            {
                return new GateLoad(_hosts.InFlight, _returned, _network.LetsFetch);
            }
        }
    }

    /// <summary>Waits for a place at a host. A place is given back by <see cref="Return"/>; who is turned away has none.</summary>
    /// <param name="host">The host.</param>
    /// <param name="source">Where its places come from; null: only this process asks the host.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Admission> EnterAsync(LinkHost host, IPlaceSource? source, CancellationToken cancellation)
    {
        var request = new PlaceRequest();
        HostQueue queue;
        lock (_gate)
        {
            queue = _hosts.Add(host, request, source);
            Start();
        }

        await using CancellationTokenRegistration registration = cancellation.UnsafeRegister((_, token) => GiveUp(queue, request, token), state: null);
        return await request.Task;
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="place">The place.</param>
    /// <param name="outcome">What the request came to; null: it was given up.</param>
    /// <param name="failedBefore">Whether an outcome of the same link was confirmed before that might have been the network's fault.</param>
    /// <returns>
    /// For an outcome that may be the network's fault, the judgement to wait for: true, it stands; false, the try does not count. Otherwise null.
    /// </returns>
    public OpenOutcome? Return(HostPlace place, FetchOutcome? outcome, bool failedBefore)
    {
        OpenOutcome? open = outcome is null ? null : OpenOutcome.For(outcome, place.Queue.Host, failedBefore);
        lock (_gate)
        {
            _returned++;
            TimeSpan before = place.Queue.Places.PausedUntil;
            TimeSpan now = Now();
            _hosts.Return(place, outcome, now);
            SayWhatChanged(place.Queue, before, now);
            if (outcome is not null)
            {
                _network.Saw(outcome, place.Queue.Host, place.Moment, open);
            }

            Start();
        }

        _network.SayNotices();
        return open;
    }

    /// <summary>What a source says of some of its hosts' places changes.</summary>
    /// <param name="source">The source.</param>
    /// <param name="hosts">The hosts; those that nobody waits for are passed over.</param>
    /// <param name="change">Changes one host's places, under the gate's lock, at a time of its clock.</param>
    public void Change(IPlaceSource source, IEnumerable<LinkHost> hosts, Action<LinkHost, IHostPlaces, TimeSpan> change)
    {
        lock (_gate)
        {
            TimeSpan now = Now();
            foreach (LinkHost host in hosts)
            {
                if (_hosts.Find(source, host) is { } queue)
                {
                    TimeSpan before = queue.Places.PausedUntil;
                    change(host, queue.Places, now);
                    SayWhatChanged(queue, before, now);
                    _hosts.Wake(queue);
                }
            }

            Start();
        }

        _network.SayNotices();
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

    private void GiveUp(HostQueue queue, PlaceRequest request, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (request.TrySetCanceled(cancellation))
            {
                _hosts.GaveUp(queue);
                Start();
            }
        }
    }

    private void SayWhatChanged(HostQueue queue, TimeSpan pausedBefore, TimeSpan now)
    {
        IHostPlaces places = queue.Places;
        if (places.IsGivenUp)
        {
            if (!queue.IsSaidToBeGivenUp)
            {
                queue.IsSaidToBeGivenUp = true;
                _network.Notify(new HostGivenUp(queue.Host, queue.Waiting));
            }
        }
        else if (pausedBefore < now && places.PausedUntil > now)
        {
            _network.Notify(new HostPaused(queue.Host, places.PausedUntil - now, places.Places));
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

    /// <summary>The time of its clock, from its beginning.</summary>
    public TimeSpan Now() => _clock.GetElapsedTime(_start);
}

/// <summary>A gate at a moment.</summary>
/// <param name="InFlight">Places in use.</param>
/// <param name="Returned">Places that came back until now.</param>
/// <param name="LetsFetch">False while the network looks broken.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GateLoad(int InFlight, long Returned, bool LetsFetch);
