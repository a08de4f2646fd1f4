using Koalarization.Cluster.Membership;

namespace Koalarization.Cluster.Specs.Membership;

public sealed class ControlBeatTests
{
    [Fact]
    public void Two_control_nodes_are_of_two_clusters_when_neither_counts_the_other_in()
    {
        ControlBeat a = Of("a", members: ["a#1", "w#1"]);

        Assert.True(a.IsOfAnotherClusterThan(Of("b", members: ["b#1"])));
        Assert.True(a.IsOfAnotherClusterThan(Of("b", members: ["b#1", "a#7"])));
        Assert.False(a.IsOfAnotherClusterThan(Of("b", members: ["b#1", "a#1"])));
        Assert.False(Of("b", members: ["b#1", "a#1"]).IsOfAnotherClusterThan(a));
    }

    [Theory]
    [InlineData("b,c", 2, "a", 9)]
    [InlineData("b", 9, "a", 2)]
    [InlineData("a", 2, "b", 2)]
    [InlineData("a,d", 4, "b,c", 4)]
    public void More_control_nodes_count_first_then_more_nodes_then_the_first_address(string controls, int up, string otherControls, int otherUp)
    {
        ControlBeat one = Of("x", controls, up), other = Of("y", otherControls, otherUp);

        Assert.True(one.Outranks(other));
        Assert.False(other.Outranks(one));
        Assert.False(one.Outranks(one));
    }

    private static ControlBeat Of(string node, string[] members) => new(node, 1, 1, members, [], 0);

    private static ControlBeat Of(string node, string controls, int up) => new(node, 1, 1, [], controls.Split(','), up);
}
