using Koalarization.Cluster.Fetching;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Cluster.Specs.Fetching;

public sealed class SliceDemandPolicyTests
{
    private static readonly ThrottleLoad Open = new(InFlight: 0, Returned: 0, CanFetch: true);

    [Fact]
    public void An_idle_node_asks_for_what_keeps_it_busy_and_not_for_all() =>
        Assert.Equal(4, SliceDemandPolicy.Room(slices: 0, unended: 0, waiting: 0, Open, parallel: 256, linksPerSlice: 512));

    [Fact]
    public void A_busy_node_asks_for_none() =>
        Assert.Equal(0, SliceDemandPolicy.Room(4, unended: 2048, waiting: 1792, Open with { InFlight = 256 }, 256, 512));

    [Fact]
    public void Links_that_wait_for_their_hosts_leave_room_for_others() =>
        Assert.Equal(4, SliceDemandPolicy.Room(4, unended: 2048, waiting: 2048, Open with { InFlight = 32 }, 256, 512));

    [Fact]
    public void What_waits_is_bounded() =>
        Assert.Equal(0, SliceDemandPolicy.Room(32, unended: 16384, waiting: 16384, Open, 256, 512));

    [Fact]
    public void Slices_are_bounded() =>
        Assert.Equal(1, SliceDemandPolicy.Room(63, unended: 63, waiting: 0, Open, 256, 512));

    [Fact]
    public void While_the_network_looks_broken_nothing_is_asked_for() =>
        Assert.Equal(0, SliceDemandPolicy.Room(0, 0, 0, Open with { CanFetch = false }, 256, 512));
}
