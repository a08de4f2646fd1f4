using Akka.Actor;
using Koalarization.Cluster.Membership;

namespace Koalarization.Cluster.Specs.Membership;

public sealed class SeedOrderTests
{
    private static readonly Address Self = At(1);

    [Fact]
    public void A_node_without_seeds_may_found_the_cluster_but_asks_the_members_of_before_first() =>
        Assert.Equal([Self, At(2), At(3)], SeedOrder.Of(Self, [], [At(2), Self, At(3)]));

    [Fact]
    public void A_node_without_seeds_and_without_a_past_founds_the_cluster() => Assert.Equal([Self], SeedOrder.Of(Self, [], []));

    [Fact]
    public void A_node_with_a_seed_never_founds_a_cluster_whoever_was_there_before() =>
        Assert.Equal([At(9), At(2)], SeedOrder.Of(Self, [At(9)], [Self, At(2), At(9)]));

    [Fact]
    public void The_first_seed_is_among_its_own_seeds() =>
        Assert.Equal([Self, At(9), At(2)], SeedOrder.Of(Self, [Self, At(9)], [At(2)]));

    private static Address At(int port) => new("akka.tcp", "koala", "127.0.0.1", port);
}
