namespace Koalarization.Harvest.Tests;

/// <summary>A clock that moves when it is told to, for one periodic timer.</summary>
internal sealed class ManualClock : TimeProvider
{
    private Action _fire = () => { };
    private TimeSpan _period;
    private TimeSpan _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _fire = () => callback(state);
        _period = period;
        return new Timer(this);
    }

    public void Advance(TimeSpan time)
    {
        for (TimeSpan end = _now + time; _now + _period <= end;)
        {
            _now += _period;
            _fire();
        }
    }

    private sealed class Timer(ManualClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => clock._fire = () => { };

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
