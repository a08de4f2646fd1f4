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
        Assert.Equal(new JobsProtocol.NodeRates(10, null, 2), window.With((200, 50, 27), At(10)));
        Assert.Equal(new JobsProtocol.NodeRates(5, null, 1), window.With((400, 50, 67), At(60)));

        // The first ten seconds are no longer in the window.
        Assert.Equal(new JobsProtocol.NodeRates(Math.Round(200 / 60.0, 2), null, Math.Round(40 / 60.0, 2)), window.With((400, 50, 67), At(70)));
        Assert.Equal(new JobsProtocol.NodeRates(0, null, 0), window.With((400, 50, 67), At(200)));
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
