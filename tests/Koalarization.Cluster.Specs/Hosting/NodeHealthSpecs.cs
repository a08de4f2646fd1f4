using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.TestActors;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Specs.Hosting;

/// <summary>What probes are answered.</summary>
public sealed class NodeHealthSpecs : TestKit
{
    private static readonly Config OneNode = ConfigurationFactory.ParseString(
        """
        akka {
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          cluster.min-nr-of-members = 1
        }
        """);

    private readonly NodeHealth _health = new();

    public NodeHealthSpecs()
        : base(OneNode)
    {
    }

    [Fact]
    public async Task A_node_is_ready_once_it_has_joined_and_its_stages_work_and_not_while_it_leaves()
    {
        Assert.Equal((true, "The node is starting."), (_health.IsAlive, _health.NotReady));

        IActorRef fetch = Sys.ActorOf(BlackHoleActor.Props), embed = Sys.ActorOf(BlackHoleActor.Props);
        var stages = new Dictionary<string, IActorRef> { [NodeRoles.Fetch] = fetch, [NodeRoles.Embed] = embed };
        Sys.ActorOf(Props.Create(() => new NodeHealthActor(_health, stages)));
        await AwaitAssertAsync(() => Assert.Equal("The node has not joined the cluster yet.", _health.NotReady));

        var cluster = Akka.Cluster.Cluster.Get(Sys);
        cluster.Join(cluster.SelfAddress);
        await AwaitAssertAsync(() => Assert.Equal("The stage embed does not work.", _health.NotReady), TimeSpan.FromSeconds(20));
        Sys.EventStream.Publish(new NetworksReady([new EmbedKey("w", "fp32", "c")]));
        await AwaitAssertAsync(() => Assert.Null(_health.NotReady));
        Sys.EventStream.Publish(new NetworksReady([]));
        await AwaitAssertAsync(() => Assert.Equal("The stage embed does not work.", _health.NotReady));
        Sys.EventStream.Publish(new NetworksReady([new EmbedKey("w", "fp32", "c")]));

        Sys.Stop(fetch);
        await AwaitAssertAsync(() => Assert.Equal("The stage fetch does not work.", _health.NotReady));

        Task leaving = CoordinatedShutdown.Get(Sys).Run(NodeExit.LeaveReason.Instance);
        Assert.Equal((true, "The node is leaving the cluster."), (_health.IsAlive, _health.NotReady));
        await leaving;
        await Sys.WhenTerminated;
        Assert.False(_health.IsAlive);
    }
}
