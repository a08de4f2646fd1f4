using Akka.Actor;
using Akka.TestKit.Xunit2;
using Koalarization.Dataset;

namespace Koalarization.Cluster.Specs;

public sealed class FetchNodeSpecs() : TestKit(FetchWorld.Config)
{
    [Fact]
    public void A_slice_is_asked_for_worked_on_committed_and_told_of()
    {
        using var world = new FetchWorld("http://a.example/1", "http://a.example/2", "http://b.example/3");
        IActorRef node = Sys.ActorOf(FetchWorld.NodeProps(world.Node(), TestActor), "fetch");

        FetchProtocol.RequestSlices request = ExpectMsg<FetchProtocol.RequestSlices>();
        Assert.InRange(request.Room, 1, 64);
        Assert.Empty(request.Held);
        node.Tell(FetchWorld.Lease());
        FetchProtocol.SliceResolved resolved = FishForMessage<FetchProtocol.SliceResolved>(_ => true);

        Assert.Equal(3, resolved.Survivors);
        Assert.All(world.Rows(), row => Assert.True(row.IsKept));
        Assert.Equal(3, world.Store.List(DataLayout.Originals).Count);
        Assert.Equal(3, world.Store.List(DataLayout.Resized).Count);
        Assert.All(world.Plan.ReadSlice(0), link => Assert.Equal(1, world.Ended[link.Name]));
    }
}
