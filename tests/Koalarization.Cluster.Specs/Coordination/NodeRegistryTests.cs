using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>What the coordinator keeps of nodes, and for how long.</summary>
public sealed class NodeRegistryTests
{
    private static readonly TimeSpan Start = ActiveJobsTests.Start;
    private static readonly NodeOwner Owner = new("a");

    [Fact]
    public void Messages_of_a_node_that_arrive_after_it_was_removed_are_forgotten()
    {
        NodeRegistry nodes = NodeRegistry.Empty.With(ActiveJobsTests.Registration("a", "fetch"), Start).With(Owner, new SliceDemand(1, []), Start);
        Assert.Contains(Owner, nodes.Owners);
        Assert.Contains(Owner, nodes.At(Start + NodeRegistry.UnknownNodeTimeout - TimeSpan.FromSeconds(1)).Owners);

        NodeRegistry later = nodes.At(Start + NodeRegistry.UnknownNodeTimeout);
        Assert.Empty(later.Owners);
        Assert.Empty(later.AllDemands);
        Assert.False(later.Knows(Owner));
    }

    [Fact]
    public void A_member_is_not_forgotten()
    {
        NodeRegistry nodes = NodeRegistry.Empty.With(ActiveJobsTests.Member("a", "fetch")).With(ActiveJobsTests.Registration("a", "fetch"), Start)
            .With(Owner, new SliceDemand(1, []), Start).At(Start + TimeSpan.FromDays(1));
        Assert.Contains(Owner, nodes.Owners);
        Assert.Equal(1, nodes.DemandOf(Owner).Room);
    }

    [Fact]
    public void A_node_that_reports_again_and_again_is_not_forgotten_before_it_registers()
    {
        NodeRegistry nodes = NodeRegistry.Empty.With(Owner, new SliceDemand(1, []), Start);
        nodes = nodes.With(Owner, new SliceDemand(2, []), Start + NodeRegistry.UnknownNodeTimeout).At(Start + NodeRegistry.UnknownNodeTimeout);
        Assert.Equal(2, nodes.DemandOf(Owner).Room);
    }
}
