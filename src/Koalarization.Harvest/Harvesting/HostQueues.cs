namespace Koalarization.Harvest;

/// <summary>
/// All hosts that somebody waits for or that are not as new ones, and the slots. Hosts take turns, so that one with a thousand links does not hold up
/// the others. Guarded by the harvester's lock.
/// </summary>
/// <param name="options">How many at once.</param>
/// <param name="clock">Wakes hosts when their pause is over.</param>
/// <param name="wake">Called by the clock, outside the lock.</param>
/// <param name="capacity">Hosts remembered without anybody waiting for them; beyond that they are all forgotten.</param>
internal sealed class HostQueues(HarvestOptions options, TimeProvider clock, Action<HostQueue> wake, int capacity = 1 << 16) : IDisposable
{
    private readonly Dictionary<LinkHost, HostQueue> _hosts = [];
    private readonly Queue<HostQueue> _row = new();
    private int _forgetAbove;

    /// <summary>Slots in use.</summary>
    public int InFlight { get; private set; }

    /// <summary>Hosts remembered, most of them because somebody waits for them.</summary>
    public IReadOnlyCollection<LinkHost> Hosts => _hosts.Keys;

    /// <summary>A link waits for its host, behind all others.</summary>
    public void Add(LinkHost host, PlaceRequest request)
    {
        if (!_hosts.TryGetValue(host, out HostQueue? queue))
        {
            queue = new HostQueue(host, HostState.New(host.IsLoopback ? null : options.HostLimit));
            _hosts.Add(host, queue);
        }

        queue.Waiting.Enqueue(request);
        PutInRow(queue);
    }

    /// <summary>A place comes back: with an outcome, or with none when the link was given up.</summary>
    public void Return(HostPlace place, FetchOutcome? outcome, TimeSpan now)
    {
        InFlight--;
        HostQueue queue = place.Queue;
        queue.State = outcome is null ? queue.State.GivenUp() : queue.State.Returned(outcome, place.Era, now, options.Retry);
        PutInRow(queue);
    }

    /// <summary>A host that was asleep may go on.</summary>
    public void Wake(HostQueue queue)
    {
        queue.Dispose();
        PutInRow(queue);
    }

    /// <summary>Starts what can be started.</summary>
    /// <param name="now">The time.</param>
    /// <param name="moment">The alarm's moment.</param>
    public void Start(TimeSpan now, long moment)
    {
        while (InFlight < options.Parallel && _row.TryDequeue(out HostQueue? queue))
        {
            queue.IsInRow = false;
            if (!queue.HasWaiting())
            {
                ForgetWhenIdle(queue, now);
            }
            else if (queue.State.TurnsAway(now))
            {
                TurnAway(queue);
                PutInRow(queue);
            }
            else if (queue.State.CanTake(now))
            {
                Start(queue, moment);
                PutInRow(queue);
            }
            else if (now < queue.State.PausedUntil)
            {
                queue.WakeAfter(queue.State.PausedUntil - now, clock, wake);
            }
        }
    }

    /// <summary>Sends all who wait away.</summary>
    public void Dispose()
    {
        foreach (HostQueue queue in _hosts.Values)
        {
            queue.Dispose();
            while (queue.Waiting.TryDequeue(out PlaceRequest? request))
            {
                request.TrySetException(new ObjectDisposedException(nameof(Harvester)));
            }
        }
    }

    private void Start(HostQueue queue, long moment)
    {
        if (queue.Waiting.Dequeue().TrySetResult((new HostPlace(queue, queue.State.Era, moment), null)))
        {
            queue.State = queue.State.Taken();
            InFlight++;
        }
    }

    private static void TurnAway(HostQueue queue)
    {
        while (queue.Waiting.TryDequeue(out PlaceRequest? request))
        {
            request.TrySetResult((default, queue.State.TurnedAway));
        }
    }

    private void PutInRow(HostQueue queue)
    {
        if (!queue.IsInRow)
        {
            queue.IsInRow = true;
            _row.Enqueue(queue);
        }
    }

    private void ForgetWhenIdle(HostQueue queue, TimeSpan now)
    {
        if (!queue.IsIdle(now))
        {
            return;
        }

        if (queue.State.IsAsNew)
        {
            _hosts.Remove(queue.Host);
        }
        else if (_hosts.Count > Math.Max(capacity, _forgetAbove))
        {
            foreach (HostQueue idle in _hosts.Values.Where(host => !host.IsInRow && host.IsIdle(now)).ToArray())
            {
                _hosts.Remove(idle.Host);
            }

            _forgetAbove = 2 * _hosts.Count;
        }
    }
}
