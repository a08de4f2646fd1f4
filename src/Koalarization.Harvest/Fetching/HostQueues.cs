using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// All hosts that links wait for or of which something is known, and the number of permits in use. Hosts take turns, so that one with a thousand links does not
/// block the others. Guarded by the throttle's lock.
/// </summary>
/// <param name="options">How many at once.</param>
/// <param name="clock">Wakes hosts when their pause is over.</param>
/// <param name="wake">Called by the clock, outside the lock.</param>
/// <param name="capacity">Hosts remembered for which no link waits; beyond that they are all forgotten.</param>
internal sealed class HostQueues(DownloadOptions options, TimeProvider clock, Action<HostQueue> wake, int capacity = 1 << 16) : IDisposable
{
    private readonly Dictionary<(IHostLimitSource Source, LinkHost Host), HostQueue> _hosts = [];
    private readonly Queue<HostQueue> _row = new();
    private readonly LocalHostLimitSource _local = new(options);
    private int _forgetAbove;

    /// <summary>Permits in use.</summary>
    public int InFlight { get; private set; }

    /// <summary>Hosts remembered, most of them because links wait for them.</summary>
    public IReadOnlyCollection<LinkHost> Hosts => [.. _hosts.Keys.Select(key => key.Host)];

    /// <summary>A link waits for its host, behind all others.</summary>
    public HostQueue Add(LinkHost host, PermitRequest request, IHostLimitSource? source = null)
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

    /// <summary>A link that waited for a host was cancelled.</summary>
    public void Cancelled(HostQueue queue)
    {
        queue.Cancelled();
        PutInRow(queue);
    }

    /// <summary>A permit comes back: with an outcome, or with none when the link was cancelled.</summary>
    public void Return(FetchPermit permit, FetchOutcome? outcome, TimeSpan now)
    {
        InFlight--;
        permit.Queue.Limit.Return(outcome, permit.Generation, now);
        PutInRow(permit.Queue);
    }

    /// <summary>The host's queue, if it is remembered.</summary>
    public HostQueue? Find(IHostLimitSource source, LinkHost host) => _hosts.GetValueOrDefault((source, host));

    /// <summary>A host's pause is over, or its limit has changed.</summary>
    public void Wake(HostQueue queue)
    {
        queue.Sleep();
        PutInRow(queue);
    }

    /// <summary>Starts what can be started.</summary>
    /// <param name="now">The time.</param>
    /// <param name="sequence">The circuit's sequence number.</param>
    public void Start(TimeSpan now, long sequence)
    {
        while (InFlight < options.Parallel && _row.TryDequeue(out HostQueue? queue))
        {
            queue.IsInRow = false;
            if (queue.Waiting == 0)
            {
                ForgetWhenIdle(queue, now);
            }
            else if (queue.Limit.Rejects(now))
            {
                Reject(queue);
                PutInRow(queue);
            }
            else if (queue.Limit.CanTake(now))
            {
                Start(queue, sequence);
                PutInRow(queue);
            }
            else if (now < queue.Limit.PausedUntil)
            {
                queue.WakeAfter(queue.Limit.PausedUntil - now, clock, wake);
            }
        }
    }

    /// <summary>Fails all links that wait.</summary>
    public void Dispose()
    {
        foreach (HostQueue queue in _hosts.Values)
        {
            queue.Close();
        }
    }

    private void Start(HostQueue queue, long sequence)
    {
        if (queue.Answer(new PermitResult(new FetchPermit(queue, queue.Limit.Generation, sequence, queue.Limit.Expiry), Rejected: null)))
        {
            queue.Limit.Take();
            InFlight++;
        }
    }

    private static void Reject(HostQueue queue)
    {
        while (queue.Answer(new PermitResult(default, queue.Limit.Rejection)))
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

        if (queue.Limit.IsAsNew)
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
