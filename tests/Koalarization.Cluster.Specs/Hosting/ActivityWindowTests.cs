using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Specs.Hosting;

/// <summary>A node's rates, from its totals.</summary>
public sealed class ActivityWindowTests
{
    [Fact]
    public void Rates_are_over_the_last_minute_and_only_of_the_nodes_roles()
    {
        var window = new ActivityWindow(["fetch", "write"]);
        Assert.Equal(default, window.With((100, 5, 7), At(0)));
        Assert.Equal(Rates(10, 2), window.With((200, 50, 27), At(10)));
        Assert.Equal(Rates(5, 1), window.With((400, 50, 67), At(60)));

        // The first ten seconds are no longer in the window.
        Assert.Equal(Rates(Math.Round(200 / 60.0, 2), Math.Round(40 / 60.0, 2)), window.With((400, 50, 67), At(70)));
        Assert.Equal(Rates(0, 0), window.With((400, 50, 67), At(200)));
    }

    [Fact]
    public void Shares_of_time_are_over_the_last_quarter_of_a_minute()
    {
        var window = new ActivityWindow(["embed", "write"]);
        window.With(default, At(0));
        Assert.Equal((0.5, 0.1), Busy(window.With(default, At(10), (At(5), At(1)))));
        window.With(default, At(40), (At(5), At(1)));
        Assert.Equal((1, 1.5), Busy(window.With(default, At(60), (At(25), At(31)))));
        Assert.Equal((null, 0), Busy(Second(new ActivityWindow(["fetch"]))));
        Assert.Equal((0, null), Busy(Second(new ActivityWindow(["embed"]))));
    }

    private static JobsProtocol.NodeRates Second(ActivityWindow window)
    {
        window.With(default, At(0));
        return window.With(default, At(1));
    }

    private static (double? Device, double? Store) Busy(JobsProtocol.NodeRates rates) => (rates.DeviceBusy, rates.StoreBusy);

    private static JobsProtocol.NodeRates Rates(double links, double written) => new(links, null, written) { StoreBusy = 0 };

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
