namespace Koalarization.Cluster.Specs;

/// <summary>A clock that stands until it is told to go to the next time at which somebody waits.</summary>
internal sealed class StepClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Now
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    /// <summary>When somebody waits for.</summary>
    public IReadOnlyList<TimeSpan> Dues
    {
        get
        {
            lock (_gate)
            {
                return [.. _timers.Select(timer => timer.Due).Order()];
            }
        }
    }

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes on for a while, and fires what is due on the way.</summary>
    public void Advance(TimeSpan time)
    {
        TimeSpan end = Now + time;
        while (Dues is [var next, ..] && next <= end)
        {
            Step();
        }

        lock (_gate)
        {
            _now = end > _now ? end : _now;
        }
    }

    /// <summary>Goes to the next time and fires what is due then.</summary>
    public void Step()
    {
        List<Timer> due = [];
        lock (_gate)
        {
            if (_timers.Count > 0)
            {
                _now = _timers.Min(timer => timer.Due);
                due.AddRange(_timers.Where(timer => timer.Due <= _now));
                _timers.RemoveAll(due.Contains);
            }
        }

        due.ForEach(timer => timer.Fire());
    }

    private sealed class Timer(StepClock clock, Action fire) : ITimer
    {
        public Action Fire => fire;

        public TimeSpan Due { get; private set; }

        // Nobody here has one that fires again.
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = clock._now + dueTime;
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
