using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class ProcessPausesTests
{
    [Fact]
    public void Time_that_passes_tick_by_tick_is_no_pause()
    {
        var clock = new FakeTimeProvider();
        using var pauses = new ProcessPauses(clock);

        for (int i = 0; i < 100; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, pauses.Count);
    }

    [Fact]
    public void A_pause_is_seen_whoever_asks_first()
    {
        var clock = new StoppedTimers();
        using var pauses = new ProcessPauses(clock);
        clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(0, pauses.Count);

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal((1, 1), (pauses.Count, pauses.Count));
    }

    [Fact]
    public void A_sleep_of_the_machine_is_seen_in_the_calendar_alone()
    {
        var clock = new StoppedTimers();
        using var pauses = new ProcessPauses(clock);

        clock.Date += TimeSpan.FromHours(8);

        Assert.Equal(1, pauses.Count);
    }

    /// <summary>A clock whose timers never fire, as those of a process that does not run.</summary>
    private sealed class StoppedTimers : TimeProvider
    {
        private long _ticks;

        public DateTimeOffset Date { get; set; } = DateTimeOffset.UnixEpoch;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time)
        {
            _ticks += time.Ticks;
            Date += time;
        }

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => Date;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
