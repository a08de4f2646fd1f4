using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.TestKit.Xunit2;
using Google.Protobuf.WellKnownTypes;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Specs.Hosting;

/// <summary>A process that is no node of the cluster and reaches a node's port.</summary>
public sealed class RoguePeerSpecs : TestKit, IAsyncLifetime
{
    private KoalaNode _node = null!;

    // What Akka gives every system that can send: JSON with type names, Protocol Buffers by type names, remote deployment.
    private readonly ActorSystem _rogue = ActorSystem.Create("rogue", ConfigurationFactory.ParseString(
        """
        akka {
          actor.provider = remote
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          loglevel = OFF
          stdout-loglevel = OFF
        }
        """));

    private Address Node => _node.Cluster.SelfAddress;

    public async Task InitializeAsync() => _node = await KoalaNode.StartAsync(
        new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0 },
        akka => akka.WithActors((system, _) => system.ActorOf(Props.Create(() => new Echo()), "echo")));

    async Task IAsyncLifetime.DisposeAsync()
    {
        await _rogue.Terminate();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task No_type_that_it_names_is_built()
    {
        IActorRef probe = _rogue.ActorOf(Props.Create(() => new Asker(At("/user/echo"))));

        Assert.Equal("answers", await probe.Ask<string>("answers", RemainingOrDefault));
        var trap = new Trap { File = "set" };
        Trap.WasBuilt = false;
        _ = probe.Ask<object>(trap);

        // Messages of one process keep their order: what came before this answer was read, or refused.
        Assert.Equal("still answers", await probe.Ask<string>("still answers", RemainingOrDefault));
        Assert.False(Trap.WasBuilt);
    }

    [Fact]
    public async Task No_message_of_Protocol_Buffers_that_it_names_comes_in()
    {
        IActorRef probe = _rogue.ActorOf(Props.Create(() => new Asker(At("/user/echo"))));

        Task<object> answer = probe.Ask<object>(new StringValue { Value = "built" });

        Assert.Equal("still answers", await probe.Ask<string>("still answers", RemainingOrDefault));
        Assert.False(answer.IsCompleted);
    }

    [Fact]
    public async Task No_actor_of_its_choice_starts()
    {
        Planted.HasStarted = false;

        IActorRef planted = _rogue.ActorOf(Props.Create<Planted>().WithDeploy(new Deploy(new RemoteScope(Node))), "planted");
        Task<ActorIdentity> start = planted.Ask<ActorIdentity>(new Identify(1));

        // Two round trips, so that one that was planted would have answered.
        for (int e = 0; e < 2; e++)
        {
            ActorIdentity echo = await _rogue.ActorSelection(At("/user/echo")).Ask<ActorIdentity>(new Identify(2), RemainingOrDefault);
            Assert.NotNull(echo.Subject);
        }

        Assert.False(start.IsCompletedSuccessfully && (await start).Subject is not null);
        Assert.False(Planted.HasStarted);
    }

    [Fact]
    public async Task No_other_node_listens_at_its_port()
    {
        var same = new NodeEndpointOptions { Roles = [NodeRoles.Fetch], Port = Node.Port!.Value };

        await Assert.ThrowsAnyAsync<Exception>(() => KoalaNode.StartAsync(same));
    }

    private string At(string path) => $"{Node}{path}";

    private sealed class Trap
    {
        public static bool WasBuilt { get; set; }

        public string File
        {
            get;
            set
            {
                field = value;
                WasBuilt = true;
            }
        } = "";
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message, Self));
    }

    private sealed class Asker : ReceiveActor
    {
        public Asker(string path) => ReceiveAny(message => Context.ActorSelection(path).Tell(message, Sender));
    }

    private sealed class Planted : ReceiveActor
    {
        public Planted()
        {
            HasStarted = true;
            ReceiveAny(_ => { });
        }

        public static bool HasStarted { get; set; }
    }
}
