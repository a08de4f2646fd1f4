using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Specs.Membership;
using Koalarization.Cluster.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Specs.Hosting;

/// <summary>What a node says of itself, and when it leaves; in virtual time.</summary>
public sealed class NodeActorSpecs : TestKit
{
    private static readonly Config VirtualTime = ConfigurationFactory.ParseString(
        "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"");

    private static readonly NodeOwner Owner = new("host-boot-word");
    private static readonly EmbedKey Key = new("w", "fp32", "c");

    private readonly TestProbe _coordinator;
    private readonly TestProbe _left;
    private readonly IActorRef _node;

    public NodeActorSpecs()
        : base(VirtualTime)
    {
        _coordinator = CreateTestProbe();
        _left = CreateTestProbe();
        var card = new RegisterNode { Owner = Owner, Address = "akka.tcp://koala@a:1", Uid = 7, Roles = ["embed"], CodecFingerprint = "c" };
        IActorRef left = _left.Ref;
        _node = Sys.ActorOf(Props.Create(() => new NodeActor(card, _coordinator.Ref, null, reason => left.Tell(reason, ActorRefs.NoSender), NullLogger.Instance, null)));
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void It_introduces_itself_every_second_until_it_is_welcomed_and_every_five_seconds_after_that()
    {
        Assert.Equal(_node, Card().From);
        Clock.Advance(NodeActor.AskAgainAfter);
        Card();

        Welcome();
        Clock.Advance(NodeActor.Every - TimeSpan.FromMilliseconds(1));
        _coordinator.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Card();
    }

    [Fact]
    public void A_welcome_of_another_process_is_none()
    {
        Card();
        _node.Tell(new NodeRegistered(new NodeOwner("another-node")), _coordinator);
        Settle();

        Clock.Advance(NodeActor.AskAgainAfter);
        Card();
    }

    [Fact]
    public void It_says_at_once_which_networks_are_ready_and_only_when_they_are_others()
    {
        Card();
        Welcome();
        Sys.EventStream.Publish(new NetworksReady([Key]));
        Assert.Equal([Key], Card().Said.Networks);

        Welcome();
        Sys.EventStream.Publish(new NetworksReady([Key]));
        _coordinator.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Sys.EventStream.Publish(new NetworksReady([]));
        Assert.Empty(Card().Said.Networks);
    }

    [Theory]
    [InlineData("control", true)]
    [InlineData("fetch", false)]
    public void It_introduces_itself_again_when_the_coordinator_may_be_another_one(string role, bool again)
    {
        Card();
        Welcome();
        _node.Tell(new ClusterEvent.MemberRemoved(Members.Removed("b", role), MemberStatus.Down));

        if (again)
        {
            Card();
        }
        else
        {
            _coordinator.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        }
    }

    [Fact]
    public void It_leaves_when_it_is_told_to()
    {
        _node.Tell(new Leave());

        Assert.Equal(NodeExit.Left, NodeExit.Of(_left.ExpectMsg<NodeExit.LeaveReason>()));
    }

    [Fact]
    public void It_leaves_with_a_code_of_its_own_when_its_device_is_lost()
    {
        Card();
        Sys.EventStream.Publish(new DeviceLost("no memory"));

        Assert.Equal(NodeExit.DeviceFailed, NodeExit.Of(_left.ExpectMsg<NodeExit.DeviceFailedReason>()));
    }

    [Fact]
    public void It_leaves_as_removed_when_every_control_node_refuses_it_and_not_before()
    {
        Card();
        foreach (string control in (string[])["b", "c", "d"])
        {
            _node.Tell(new ClusterEvent.MemberUp(Members.Up(control, "control")));
        }

        _node.Tell(new ClusterEvent.MemberUp(Members.Up("e", "fetch")));
        Refuse("e");
        Refuse("b");
        Refuse("c");
        _node.Tell(new ClusterEvent.MemberRemoved(Members.Removed("c", "control"), MemberStatus.Down));
        _node.Tell(new ClusterEvent.MemberUp(Members.Up("c", "control")));
        Refuse("d");
        Settle();
        _left.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Refuse("c");
        Assert.Equal(NodeExit.Removed, NodeExit.Of(_left.ExpectMsg<CoordinatedShutdown.ClusterDowningReason>()));
    }

    [Fact]
    public void It_stays_when_others_refuse_it_and_no_control_node_is_known()
    {
        Card();
        Refuse("b");
        Settle();

        _left.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_node_whose_stage_stops_leaves_to_be_started_again()
    {
        IActorRef stage = CreateTestProbe().Ref;
        _node.Tell(new NodeActor.WatchStage(stage));
        Settle();
        _left.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Sys.Stop(stage);
        Assert.Equal(NodeExit.Removed, NodeExit.Of(_left.ExpectMsg<CoordinatedShutdown.Reason>()));
    }

    [Fact]
    public void It_leaves_when_it_is_refused_and_has_joined_no_cluster_for_a_minute()
    {
        Card();
        Refuse("b");
        Settle();
        Clock.Advance(NodeActor.WithoutControl - TimeSpan.FromSeconds(1));
        Refuse("b");
        Settle();
        _left.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(NodeExit.Removed, NodeExit.Of(_left.ExpectMsg<CoordinatedShutdown.ClusterDowningReason>()));
    }

    [Fact]
    public void It_leaves_a_cluster_that_has_had_no_control_node_for_a_minute()
    {
        Card();
        _node.Tell(new ClusterEvent.MemberUp(Members.Up("e", "embed")));
        _node.Tell(new ClusterEvent.MemberUp(Members.Up("b", "control")));
        Settle();
        Clock.Advance(NodeActor.WithoutControl);
        Settle();

        _node.Tell(new ClusterEvent.MemberRemoved(Members.Removed("b", "control"), MemberStatus.Exiting));
        Settle();
        Clock.Advance(NodeActor.WithoutControl - TimeSpan.FromSeconds(1));
        _node.Tell(new ClusterEvent.MemberUp(Members.Up("c", "control")));
        Settle();
        Clock.Advance(NodeActor.WithoutControl);
        Settle();
        _left.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        _node.Tell(new ClusterEvent.MemberRemoved(Members.Removed("c", "control"), MemberStatus.Exiting));
        Settle();
        Clock.Advance(NodeActor.WithoutControl);
        Assert.Equal(NodeExit.Removed, NodeExit.Of(_left.ExpectMsg<CoordinatedShutdown.ClusterDowningReason>()));
    }

    private void Refuse(string by) =>
        Sys.EventStream.Publish(new ThisActorSystemQuarantinedEvent(new Address("akka.tcp", "koala", "a", 1), new Address("akka.tcp", "koala", by, 8650)));

    private (RegisterNode Said, IActorRef From) Card() => (_coordinator.ExpectMsg<RegisterNode>(), _coordinator.LastSender);

    private void Welcome()
    {
        _node.Tell(new NodeRegistered(Owner), _coordinator);
        Settle();
    }

    // What was sent before is dealt with when this is answered.
    private void Settle() => _node.Ask<ActorIdentity>(new Identify(1)).Wait();
}
