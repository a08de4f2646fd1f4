using Akka.Actor;
using Akka.TestKit;
using Koalarization.Cluster.Fetching;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Cluster.Specs.Fetching;

/// <summary>How work on a slice ends, and what it leaves behind.</summary>
public sealed class SliceEndSpecs : FetchNodeTestKit
{
    [Fact]
    public void A_slice_leased_again_before_its_first_work_has_ended_stays_marked_until_the_second_ends()
    {
        using var world = new FetchWorld(A1);
        using var decoding = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        world.Codec.OnDecode = _ =>
        {
            decoding.Set();
            release.Wait();
        };
        IActorRef node = Start(world);
        node.Tell(FetchWorld.Lease());
        Assert.True(decoding.Wait(TimeSpan.FromSeconds(20)));
        Assert.Single(world.Marks());

        world.Web.Answer = (_, _) => new TaskCompletionSource<FetchOutcome>().Task;
        node.Tell(new FetchProtocol.SliceRecalled(FetchWorld.Slice()));
        node.Tell(FetchWorld.Lease());
        AwaitCondition(() => world.Web.Requests.Count == 2);
        release.Set();
        AwaitCondition(() => world.Store.SizeOf(new DataLayout(fansOut: false).ResizedPicture("000000")) is not null);
        ReceiveWhile<object>(TimeSpan.FromMilliseconds(300), message => message);

        Assert.Single(world.Marks());
        node.Tell(new FetchProtocol.SliceRecalled(FetchWorld.Slice()));
        AwaitAssert(() => Assert.Empty(world.Marks()));
    }

    [Fact]
    public void A_listener_that_throws_costs_neither_the_slice_nor_its_mark()
    {
        using var world = new FetchWorld(A1, A2);
        using var decoding = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        world.Codec.OnDecode = jpeg =>
        {
            if (jpeg.AsSpan().SequenceEqual(FakeCodec.PictureOf(A2)) && !decoding.IsSet)
            {
                decoding.Set();
                release.Wait();
            }
        };
        int calls = 0;
        world.OnLinkEnded = () =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                throw new InvalidOperationException("a bug");
            }
        };
        var second = new TaskCompletionSource<FetchOutcome>();
        world.Web.Answer = (url, tries) => tries == 1 ? Task.FromResult(FakeWeb.Kept(url)) : second.Task;
        Start(world).Tell(FetchWorld.Lease());

        Assert.True(decoding.Wait(TimeSpan.FromSeconds(20)));
        AwaitCondition(() => world.Ended.Count == 1);
        release.Set();
        AwaitCondition(() => world.Store.List(DataLayout.Resized).Count == 2);
        second.SetResult(FakeWeb.Kept(A2));

        Assert.Equal(2, Expect<FetchProtocol.SliceResolved>().Survivors);
        Assert.Equal(2, world.Web.Requests.Count);
        AwaitAssert(() => Assert.Empty(world.Marks()));
    }

    [Fact]
    public void A_node_whose_last_slice_is_recalled_while_it_leaves_is_empty()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = StartAndHoldASlice(world);
        TestProbe leaver = CreateTestProbe();
        node.Tell(LinkProtocol.EmptyNode.Instance, leaver);
        leaver.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        node.Tell(new FetchProtocol.SliceRecalled(FetchWorld.Slice()));

        leaver.ExpectMsg<LinkProtocol.NodeIsEmpty>();
    }

    [Fact]
    public void A_node_that_is_stopped_while_it_leaves_answers_who_waits_for_it()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = StartAndHoldASlice(world);
        TestProbe leaver = CreateTestProbe();
        node.Tell(LinkProtocol.EmptyNode.Instance, leaver);
        FishForMessage<FetchProtocol.RequestSlices>(request => request.Room == 0);

        Sys.Stop(node);

        leaver.ExpectMsg<LinkProtocol.NodeIsEmpty>();
        AwaitAssert(() => Assert.Empty(world.Marks()));
    }

    [Fact]
    public void A_node_that_crashes_while_it_leaves_goes_on_leaving()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = StartAndHoldASlice(world);
        TestProbe leaver = CreateTestProbe();
        node.Tell(LinkProtocol.EmptyNode.Instance, leaver);
        leaver.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        node.Tell(FetchWorld.Lease() with { Data = null! });

        leaver.ExpectMsg<LinkProtocol.NodeIsEmpty>();
        AwaitAssert(() => Assert.Empty(world.Marks()));
        Scheduler.Advance(FetchProtocol.RequestSlices.Every);
        FishForMessage<FetchProtocol.RequestSlices>(request => request.Active.Count == 0 && request.Room == 0);
    }

    private IActorRef StartAndHoldASlice(FetchWorld world)
    {
        world.Web.Answer = (_, _) => new TaskCompletionSource<FetchOutcome>().Task;
        IActorRef node = Start(world);
        node.Tell(FetchWorld.Lease());
        AwaitCondition(() => !world.Web.Requests.IsEmpty);
        ReceiveWhile<object>(TimeSpan.FromMilliseconds(100), message => message);
        return node;
    }
}
