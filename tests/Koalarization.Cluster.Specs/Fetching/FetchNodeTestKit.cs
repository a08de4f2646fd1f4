using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Fetching;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Cluster.Specs.Fetching;

/// <summary>Specs of one fetch node; the test's own actor is the coordinator.</summary>
public abstract class FetchNodeTestKit() : TestKit(FetchWorld.Config)
{
    protected const string A1 = "http://a.example/1";
    protected const string A2 = "http://a.example/2";

    protected TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private protected IActorRef Start(FetchWorld world, DownloadOptions? harvest = null)
    {
        IActorRef node = Sys.ActorOf(FetchWorld.NodeProps(world.Node(harvest), TestActor), "fetch");
        FetchProtocol.RequestSlices first = ExpectMsg<FetchProtocol.RequestSlices>();
        Assert.InRange(first.Room, 1, 64);
        Assert.Empty(first.Active);
        return node;
    }

    protected T Expect<T>() => FishForMessage<T>(_ => true, TimeSpan.FromSeconds(20));
}
