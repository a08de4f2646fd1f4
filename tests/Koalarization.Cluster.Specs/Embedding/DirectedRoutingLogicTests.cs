using Akka.Actor;
using Akka.Routing;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Embedding;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Embedding;

public sealed class DirectedRoutingLogicTests() : TestKit("akka.actor.provider = remote\nakka.remote.dot-netty.tcp { hostname = 127.0.0.1\n port = 0 }")
{
    private static readonly Address Self = new("akka.tcp", "koala", "self", 1);
    private static readonly Address Other = new("akka.tcp", "koala", "other", 1);
    private static readonly EmbedImages Request = new(new RequestId("client", 7), EmbedWorld.Key, "set", FansOut: false, []);

    [Fact]
    public void A_request_goes_to_the_routee_at_its_address_and_the_local_one_has_this_nodes()
    {
        TestProbe embedder = CreateTestProbe();
        Routee local = new ActorSelectionRoutee(Sys.ActorSelection(embedder.Ref.Path.ToStringWithoutAddress()));
        Routee other = new ActorSelectionRoutee(Sys.ActorSelection(new RootActorPath(Other) / "user" / "embedder"));
        var routing = new DirectedRoutingLogic(Self);

        Assert.Same(other, routing.Select(new EmbedRequestEnvelope(Other, Request), [local, other]));
        Assert.Same(local, routing.Select(new EmbedRequestEnvelope(Self, Request), [local, other]));
        Assert.Same(local, routing.Select(new EmbedRequestEnvelope(Self, Request), [local]));
    }

    [Fact]
    public void A_request_for_a_node_that_has_gone_is_given_back()
    {
        Routee gone = new DirectedRoutingLogic(Self).Select(new EmbedRequestEnvelope(Other, Request), []);

        EventFilter.DeadLetter().Expect(0, () =>
        {
            gone.Send(Request, TestActor);
            Assert.Equal(new EmbedderGone(Other, Request.Request), ExpectMsg<EmbedderGone>());
        });
    }
}
