using Koalarization.Cluster.Coordination;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Tests.Reporting;

public sealed class RateTests
{
    private readonly SteppedTimeProvider _time = new();

    [Fact]
    public void The_rate_is_that_of_the_last_minute()
    {
        var rate = new RateWindow(_time);
        long count = 0;
        Pass(rate, ref count, seconds: 100, each: 50);
        Assert.Equal(50, rate.PerSecond!.Value, 0.01);
        Pass(rate, ref count, seconds: 61, each: 2);
        Assert.Equal(2, rate.PerSecond!.Value, 0.01);
    }

    [Fact]
    public void Time_before_the_first_item_does_not_count()
    {
        var rate = new RateWindow(_time);
        long count = 0;
        Pass(rate, ref count, seconds: 30, each: 0);
        Assert.Null(rate.PerSecond);
        Pass(rate, ref count, seconds: 20, each: 10);
        Assert.Equal(10, rate.PerSecond!.Value, 0.01);
    }

    [Fact]
    public void Time_left_is_not_told_before_the_rate_is_known_well()
    {
        var rate = new RateWindow(_time);
        long count = 0;
        Pass(rate, ref count, seconds: 14, each: 10);
        Assert.Null(rate.SecondsFor(1000));
        Assert.Equal(0, rate.SecondsFor(0));
        Pass(rate, ref count, seconds: 4, each: 10);
        Assert.Equal(100, rate.SecondsFor(1000)!.Value, 0.1);
    }

    [Fact]
    public void Work_that_was_lost_is_no_rate_below_zero()
    {
        var rate = new RateWindow(_time);
        long count = 0;
        Pass(rate, ref count, seconds: 20, each: 10);
        rate.Add(count = 50);
        Pass(rate, ref count, seconds: 20, each: 10);
        Assert.Equal(10, rate.PerSecond!.Value, 0.01);
    }

    [Theory]
    [InlineData(0.1, "less than a minute left")]
    [InlineData(100, "about 2 min left")]
    [InlineData(1500, "about 25 min left")]
    [InlineData(3600, "about 1 h left")]
    [InlineData(8000, "about 2 h 10 min left")]
    [InlineData(80_000, "about 22 h left")]
    [InlineData(700_000, "about 8 days left")]
    public void Time_left_is_rounded(double seconds, string text) => Assert.Equal(text, Durations.Left(seconds));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(1_234, "1.2 kB")]
    [InlineData(17_200_000, "17.2 MB")]
    [InlineData(999_960_000, "1.0 GB")]
    public void Sizes_have_one_kind_of_units(long bytes, string text) => Assert.Equal(text, Sizes.Format(bytes));

    private void Pass(RateWindow rate, ref long count, int seconds, int each)
    {
        for (int second = 0; second < seconds; second++)
        {
            rate.Add(count += each);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
