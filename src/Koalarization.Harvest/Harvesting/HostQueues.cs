namespace Koalarization.Harvest;

/// <summary>
/// All hosts that somebody waits for or that are not as new ones, and the slots. Hosts take turns, so that one with a thousand links does not hold up
/// the others. Guarded by the gate's lock.
/// </summary>
/// <param name="options">How many at once.</param>
/// <param name="clock">Wakes hosts when their pause is over.</param>
/// <param name="wake">Called by the clock, outside the lock.</param>
/// <param name="capacity">Hosts remembered without anybody waiting for them; beyond that they are all forgotten.</param>
internal sealed class HostQueues(HarvestOptions options, TimeProvider clock, Action<HostQueue> wake, int capacity = 1 << 16) : IDisposable
{
    private readonly Dictionary<(IPlaceSource Source, LinkHost Host), HostQueue> _hosts = [];
    private readonly Queue<HostQueue> _row = new();
    private readonly LocalPlaceSource _local = new(options);
    private int _forgetAbove;

    /// <summary>Slots in use.</summary>
    public int InFlight { get; private set; }

    /// <summary>Hosts remembered, most of them because somebody waits for them.</summary>
    public IReadOnlyCollection<LinkHost> Hosts => [.. _hosts.Keys.Select(key => key.Host)];

    /// <summary>A link waits for its host, behind all others.</summary>
    public HostQueue Add(LinkHost host, PlaceRequest request, IPlaceSource? source = null)
    {
        source ??= _local;
        if (!_hosts.TryGetValue((source, host), out HostQueue? queue))
        {
            queue = new HostQueue(source, host, source.Open(host));
            _hosts.Add((source, host), queue);
        }

        queue.Add(request);
        PutInRow(queue);
        return queue;
    }

    /// <summary>One of those who waited for a host gave up.</summary>
    public void GaveUp(HostQueue queue)
    {
        queue.GaveUp();
        PutInRow(queue);
    }

    /// <summary>A place comes back: with an outcome, or with none when the link was given up.</summary>
    public void Return(HostPlace place, FetchOutcome? outcome, TimeSpan now)
    {
        InFlight--;
        place.Queue.Places.Return(outcome, place.Era, now);
        PutInRow(place.Queue);
    }

    /// <summary>The host's queue, if it is remembered.</summary>
    public HostQueue? Find(IPlaceSource source, LinkHost host) => _hosts.GetValueOrDefault((source, host));

    /// <summary>A host that was asleep may go on.</summary>
    public void Wake(HostQueue queue)
    {
        queue.Sleep();
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
            if (queue.Waiting == 0)
            {
                ForgetWhenIdle(queue, now);
            }
            else if (queue.Places.TurnsAway(now))
            {
                TurnAway(queue);
                PutInRow(queue);
            }
            else if (queue.Places.CanTake(now))
            {
                Start(queue, moment);
                PutInRow(queue);
            }
            else if (now < queue.Places.PausedUntil)
            {
                queue.WakeAfter(queue.Places.PausedUntil - now, clock, wake);
            }
        }
    }

    /// <summary>Sends all who wait away.</summary>
    public void Dispose()
    {
        foreach (HostQueue queue in _hosts.Values)
        {
            queue.Close();
        }
    }

    private void Start(HostQueue queue, long moment)
    {
        if (queue.Answer(new Admission(new HostPlace(queue, queue.Places.Era, moment, queue.Places.Expiry), TurnedAway: null)))
        {
            queue.Places.Take();
            InFlight++;
        }
    }

    private static void TurnAway(HostQueue queue)
    {
        while (queue.Answer(new Admission(default, queue.Places.TurnedAway)))
        {
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

        if (queue.Places.IsAsNew)
        {
            Forget(queue);
        }
        else if (_hosts.Count > Math.Max(capacity, _forgetAbove))
        {
            foreach (HostQueue idle in _hosts.Values.Where(host => !host.IsInRow && host.IsIdle(now)).ToArray())
            {
                Forget(idle);
            }

            _forgetAbove = 2 * _hosts.Count;
        }
    }

    private void Forget(HostQueue queue) => _hosts.Remove((queue.Source, queue.Host));
}
