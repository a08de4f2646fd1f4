using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Specs.Wire;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Hosting;

/// <summary>Two nodes with remoting between them: what they say to each other crosses the wire.</summary>
public sealed class TwoNodesSpecs : TestKit, IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<object> _heard = [];
    private KoalaNode _control = null!;
    private KoalaNode _write = null!;

    public async Task InitializeAsync()
    {
        var singleton = new ClusterSingletonOptions { Role = NodeRoles.Control };
        _control = await KoalaNode.StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0 }, akka => akka
            .WithSingleton<Echo>(JobsProtocol.Name, Props.Create(() => new Echo(_heard)), singleton)
            .WithShardRegionProxy<RecordWriter>(WriteProtocol.RegionName, NodeRoles.Write, new RecordMessageExtractor()));
        _write = await KoalaNode.StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Write], Port = 0, Seeds = [_control.Address] }, akka => akka
            .WithSingletonProxy<Echo>(JobsProtocol.Name, singleton)
            .WithShardRegion<RecordWriter>(
                WriteProtocol.RegionName, _ => Props.Create(() => new Echo(_heard)), new RecordMessageExtractor(), new ShardOptions { Role = NodeRoles.Write }));
        await AwaitAssertAsync(() => Assert.Equal((2, 2), (_control.UpPorts.Count, _write.UpPorts.Count)), Timeout, TimeSpan.FromMilliseconds(100));
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await _write.DisposeAsync();
        await _control.DisposeAsync();
    }

    [Fact]
    public async Task Every_message_of_every_stage_comes_over_as_it_is()
    {
        IActorRef coordinator = Registry(_write).Get<Echo>();
        foreach (Type type in WireMessages.Types)
        {
            object message = WireMessages.Make(type, 1);

            Assert.Equal(Structure.Of(message), Structure.Of(await coordinator.Ask(message, Timeout)));
        }
    }

    [Fact]
    public async Task Messages_to_a_record_come_to_its_entity_on_a_node_that_writes()
    {
        IActorRef region = Registry(_control).Get<RecordWriter>();
        var abandon = new WriteProtocol.AbandonRecord(new RecordId(new JobId("birds"), 3));

        Assert.Equal(abandon, await region.Ask(abandon, Timeout));
    }

    [Fact]
    public async Task What_has_no_schema_is_not_sent_and_the_next_message_is()
    {
        IActorRef coordinator = Registry(_write).Get<Echo>();
        await coordinator.Ask(new JobsProtocol.GetJobs(), Timeout);
        coordinator.Tell(new Version(1, 2));
        await coordinator.Ask(new JobsProtocol.GetNodes(), Timeout);

        Assert.Equal([typeof(JobsProtocol.GetJobs), typeof(JobsProtocol.GetNodes)], _heard.Select(message => message.GetType()));
        await AwaitAssertAsync(
            () => Assert.Contains(_write.Warnings, line => line.Contains("System.Version", StringComparison.Ordinal)), Timeout, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task What_Akka_says_to_itself_has_its_own_serializers()
    {
        IActorRef local = _control.System.ActorOf(Props.Create(() => new Echo(_heard)), "echo");
        string path = $"akka.tcp://koala@{_control.Address}/user/echo";
        IActorRef remote = await _write.System.ActorSelection(path).ResolveOne(Timeout);
        Assert.NotEqual(local, remote);

        await _write.System.ActorSelection(path).Ask<JobsProtocol.GetJobs>(new JobsProtocol.GetJobs(), Timeout);
        await remote.GracefulStop(Timeout);

        Assert.DoesNotContain(_write.Warnings.Concat(_control.Warnings), line => line.Contains("is no message between nodes", StringComparison.Ordinal));
    }

    private static ActorRegistry Registry(KoalaNode node) => ActorRegistry.For(node.System);

    private sealed class Echo : ReceiveActor
    {
        public Echo(ConcurrentQueue<object> received) => ReceiveAny(message =>
        {
            received.Enqueue(message);
            Sender.Tell(message);
        });
    }
}
