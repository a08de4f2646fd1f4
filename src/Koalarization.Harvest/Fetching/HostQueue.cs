using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Fetching;

/// <summary>One host's limit for one job and the links that wait for a permit, first come, first served. Guarded by the throttle's lock.</summary>
internal sealed class HostQueue(IHostLimitSource source, LinkHost host, IHostLimit limit) : IDisposable
{
    private readonly Queue<PermitRequest> _waiting = new();
    private ITimer? _wakeUp;
    private int _count;

    public IHostLimitSource Source => source;

    public LinkHost Host => host;

    public IHostLimit Limit => limit;

    /// <summary>Links that wait.</summary>
    public int Waiting
    {
        get => _count;
        private set => limit.Waits(_count = value);
    }

    /// <summary>Whether it is in the row of hosts that may have something to start.</summary>
    public bool IsInRow { get; set; }

    /// <summary>Whether the user was notified that the host is given up.</summary>
    public bool IsReportedAsGivenUp { get; set; }

    /// <summary>Whether it can be forgotten: no link waits, nothing is in flight, no pause and no timer.</summary>
    public bool IsIdle(TimeSpan now) => Waiting == 0 && limit.IsIdle(now) && _wakeUp is null;

    public void Add(PermitRequest request)
    {
        _waiting.Enqueue(request);
        Waiting++;
    }

    /// <summary>Answers the next link that waits; false when none does.</summary>
    public bool Answer(PermitResult result)
    {
        while (_waiting.TryDequeue(out PermitRequest? request))
        {
            if (request.TrySetResult(result))
            {
                Waiting--;
                return true;
            }
        }

        return false;
    }

    /// <summary>A link that waits was cancelled; it stays in the queue, to be skipped.</summary>
    public void Cancelled()
    {
        Waiting--;
        while (_waiting.TryPeek(out PermitRequest? first) && first.Task.IsCompleted)
        {
            _waiting.Dequeue();
        }
    }

    /// <summary>Fails all links that wait.</summary>
    public void Close()
    {
        Sleep();
        while (_waiting.TryDequeue(out PermitRequest? request))
        {
            request.TrySetException(new ObjectDisposedException(nameof(FetchThrottle)));
        }
    }

    /// <summary>Calls back once after a while, unless it is going to already.</summary>
    public void WakeAfter(TimeSpan time, TimeProvider clock, Action<HostQueue> wake) =>
        _wakeUp ??= clock.CreateTimer(_ => wake(this), state: null, RoundedUp(time), Timeout.InfiniteTimeSpan);

    /// <summary>The timer is done, or no longer right.</summary>
    public void Sleep()
    {
        _wakeUp?.Dispose();
        _wakeUp = null;
    }

    public void Dispose() => Sleep();

    // Timers cut off parts of a millisecond, and would be early.
    private static TimeSpan RoundedUp(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
