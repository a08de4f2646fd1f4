using System.Collections.Concurrent;

namespace Koalarization.Testing;

/// <summary>A <see cref="FakeTimeProvider"/> that can be advanced to its next timer.</summary>
internal sealed class SteppedTimeProvider : FakeTimeProvider
{
    private readonly ConcurrentDictionary<Timer, TimeSpan> _dueTimes = new();

    public TimeSpan Elapsed => GetUtcNow() - Start;

    public int PendingTimers => _dueTimes.Count;

    /// <summary>Called with the wait of each timer that is set.</summary>
    public Action<TimeSpan>? TimerSet { get; set; }

    /// <summary>Advances to the next timer's time; false when no timer is set.</summary>
    public bool AdvanceToNextTimer()
    {
        TimeSpan[] dueTimes = [.. _dueTimes.Values];
        if (dueTimes.Length == 0)
        {
            return false;
        }

        Advance(dueTimes.Min() - Elapsed);
        return true;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ITimer CreateFakeTimer(TimerCallback callback) =>
        base.CreateTimer(callback, state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private sealed class Timer : ITimer
    {
        private readonly SteppedTimeProvider _time;
        private readonly ITimer _timer;
        private TimeSpan _period;

        public Timer(SteppedTimeProvider time, TimerCallback callback, object? state)
        {
            _time = time;
            _timer = time.CreateFakeTimer(_ =>
            {
                SetDueTime(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
                callback(state);
            });
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            SetDueTime(dueTime);
            bool changed = _timer.Change(dueTime, period);
            if (changed && dueTime >= TimeSpan.Zero)
            {
                _time.TimerSet?.Invoke(dueTime);
            }

            return changed;
        }

        public void Dispose()
        {
            SetDueTime(Timeout.InfiniteTimeSpan);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void SetDueTime(TimeSpan wait)
        {
            if (wait >= TimeSpan.Zero)
            {
                _time._dueTimes[this] = _time.Elapsed + wait;
            }
            else
            {
                _time._dueTimes.TryRemove(this, out _);
            }
        }
    }
}
