using Akka.Actor;
using Akka.TestKit;

namespace Koalarization.Cluster.Specs.HostLimits;

/// <summary>The test scheduler's time for those who ask a <see cref="TimeProvider"/>: actors and others live in one time.</summary>
internal sealed class SchedulerClock(TestScheduler scheduler) : TimeProvider
{
    private readonly DateTimeOffset _start = scheduler.Now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (scheduler.Now - _start).Ticks;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(scheduler, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(TestScheduler scheduler, Action fire) : ITimer
    {
        private Cancelable? _planned;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Dispose();
            if (dueTime >= TimeSpan.Zero)
            {
                _planned = new Cancelable((IActionScheduler)scheduler);
                scheduler.Advanced.ScheduleOnce(dueTime, fire, _planned);
            }

            return true;
        }

        public void Dispose() => _planned?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
