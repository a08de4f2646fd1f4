namespace Koalarization.Cluster.Specs.Writing;

/// <summary>A clock on which every wait is over at once: its time is what was waited for in all.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private long _ticks;

    /// <summary>What happens once that much has been waited for.</summary>
    public Action Then { get; set; } = () => { };

    public TimeSpan AfterWaiting { get; set; } = TimeSpan.MaxValue;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Waited => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
        {
            if (Interlocked.Add(ref _ticks, dueTime.Ticks) >= AfterWaiting.Ticks)
            {
                AfterWaiting = TimeSpan.MaxValue;
                Then();
            }

            dueTime = TimeSpan.Zero;
        }

        return System.CreateTimer(callback, state, dueTime, period);
    }
}
