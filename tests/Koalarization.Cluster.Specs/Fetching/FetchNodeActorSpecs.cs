using Akka.Actor;
using Akka.TestKit;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Fetching;

public sealed class FetchNodeActorSpecs : FetchNodeTestKit
{
    [Fact]
    public void A_slice_is_asked_for_worked_on_committed_and_told_of()
    {
        using var world = new FetchWorld(A1, A2, "http://b.example/3", "no url");
        IActorRef node = Start(world);

        node.Tell(FetchWorld.Lease());
        FetchProtocol.SliceResolved resolved = Expect<FetchProtocol.SliceResolved>();

        Assert.Equal(3, resolved.Survivors);
        Assert.Equal(1, resolved.Outcomes["bad_url"]);
        Assert.Equal([true, true, true, false], world.Rows().Select(row => row.IsKept));
        Assert.Equal(3, world.Store.List(DataLayout.Originals).Count);
        Assert.Equal(3, world.Store.List(DataLayout.Resized).Count);
        Assert.All(world.Plan.ReadSlice(0), link => Assert.Equal(1, world.Ended[link.Name]));
    }

    [Fact]
    public void A_node_that_forbids_private_addresses_hands_back_a_slice_that_allows_them()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = Sys.ActorOf(FetchWorld.NodeProps(world.Node() with { ForbidsPrivate = true }, TestActor), "fetch");

        node.Tell(FetchWorld.Lease() with { Fetch = new FetchRules { AllowPrivate = true } });
        Assert.Contains("--forbid-private", Expect<FetchProtocol.SliceHandedBack>().Fault, StringComparison.Ordinal);
        node.Tell(FetchWorld.Lease() with { Fetch = new FetchRules { AllowPrivate = false } });

        Assert.Equal(1, Expect<FetchProtocol.SliceResolved>().Survivors);
    }

    [Fact]
    public void A_job_that_only_fetches_has_manifests_of_fetching_and_no_resized_pictures()
    {
        using var world = new FetchWorld(A1);
        Start(world).Tell(FetchWorld.Lease() with { Until = JobEnd.Download });

        Expect<FetchProtocol.SliceResolved>();

        Assert.Null(world.Store.SizeOf(DataLayout.Slice(1, 0)));
        Assert.NotNull(world.Store.SizeOf(DataLayout.Fetched(1, 0)));
        Assert.Empty(world.Store.List(DataLayout.Resized));
    }

    [Fact]
    public void A_slice_that_was_fetched_before_is_resized_without_a_request()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = Start(world);
        node.Tell(FetchWorld.Lease() with { Until = JobEnd.Download });
        Expect<FetchProtocol.SliceResolved>();
        node.Tell(new FetchProtocol.SliceAcknowledged(FetchWorld.Slice()));

        node.Tell(FetchWorld.Lease());
        Expect<FetchProtocol.SliceResolved>();

        Assert.Single(world.Web.Requests);
        Assert.NotNull(Assert.Single(world.Rows()).Resized);
    }

    [Fact]
    public void A_resolved_slice_is_told_again_until_it_is_noted()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = Start(world);
        node.Tell(FetchWorld.Lease());
        Expect<FetchProtocol.SliceResolved>();

        Scheduler.Advance(FetchProtocol.RequestSlices.Every);
        Expect<FetchProtocol.SliceResolved>();
        node.Tell(FetchWorld.Lease());
        Expect<FetchProtocol.SliceResolved>();
        node.Tell(new FetchProtocol.SliceAcknowledged(FetchWorld.Slice()));
        ReceiveWhile<object>(TimeSpan.FromMilliseconds(100), message => message);
        Scheduler.Advance(FetchProtocol.RequestSlices.Every);

        Assert.Empty(ExpectMsg<FetchProtocol.RequestSlices>().Active);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void A_lease_of_an_epoch_that_is_over_is_refused()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = Start(world);
        world.Web.Answer = (_, _) => new TaskCompletionSource<FetchOutcome>().Task;
        node.Tell(FetchWorld.Lease(slice: 5, epoch: 7));
        AwaitAssert(() => Assert.Contains(world.Log.Lines, line => line.Line.Contains("handed back", StringComparison.Ordinal)));

        node.Tell(FetchWorld.Lease(epoch: 6));

        AwaitAssert(() => Assert.Contains(world.Log.Lines, line => line.Line.Contains("stale lease", StringComparison.Ordinal)));
        Assert.Empty(world.Web.Requests);
        Assert.Null(world.Store.SizeOf(DataLayout.Slice(1, 0)));
    }

    [Fact]
    public void A_slice_that_is_recalled_is_dropped_and_its_place_serves_others()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = Start(world, new DownloadOptions { Parallel = 1 });
        world.Web.Answer = (url, tries) => tries == 1 ? new TaskCompletionSource<FetchOutcome>().Task : Task.FromResult(FakeWeb.Kept(url));
        node.Tell(FetchWorld.Lease());
        AwaitCondition(() => !world.Web.Requests.IsEmpty);

        node.Tell(new FetchProtocol.SliceRecalled(FetchWorld.Slice()));
        Scheduler.Advance(FetchProtocol.RequestSlices.Every);
        FishForMessage<FetchProtocol.RequestSlices>(request => request.Active.Count == 0);
        node.Tell(FetchWorld.Lease());

        Assert.Equal(1, Expect<FetchProtocol.SliceResolved>().Survivors);
        Assert.Equal(2, world.Web.Requests.Count);
    }

    [Fact]
    public void A_node_that_leaves_hands_back_what_does_not_end_with_what_it_knows_of_it()
    {
        using var world = new FetchWorld(A1, A2);
        IActorRef node = Start(world);
        world.Web.Answer = (url, _) =>
            url == A1 ? Task.FromResult(new FetchOutcome(FetchOutcomeKind.NotFound, "404")) : new TaskCompletionSource<FetchOutcome>().Task;
        node.Tell(FetchWorld.Lease());
        AwaitCondition(() => world.Ended.Count == 1);

        TestProbe leaver = CreateTestProbe();
        node.Tell(LinkProtocol.EmptyNode.Instance, leaver);
        Assert.Equal(0, FishForMessage<FetchProtocol.RequestSlices>(request => request.Active.Count == 1 && request.Room == 0).Room);
        leaver.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Scheduler.Advance(TimeSpan.FromSeconds(1));

        FetchProtocol.SliceHandedBack back = Expect<FetchProtocol.SliceHandedBack>();
        Assert.Null(back.Fault);
        Assert.Equal([new FetchProtocol.EndedLink(0, "not_found", "404", 1)], back.Ended);
        leaver.ExpectMsg<LinkProtocol.NodeIsEmpty>();
        node.Tell(FetchWorld.Lease(slice: 1));
        Expect<FetchProtocol.SliceHandedBack>();
    }

    [Fact]
    public void A_node_that_leaves_finishes_what_ends_soon()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = Start(world);
        var answer = new TaskCompletionSource<FetchOutcome>();
        world.Web.Answer = (_, _) => answer.Task;
        node.Tell(FetchWorld.Lease());
        AwaitCondition(() => !world.Web.Requests.IsEmpty);
        node.Tell(LinkProtocol.EmptyNode.Instance, CreateTestProbe());

        answer.SetResult(FakeWeb.Kept("late"));

        Assert.Equal(1, Expect<FetchProtocol.SliceResolved>().Survivors);
    }

    [Fact]
    public void Links_that_an_earlier_holder_brought_to_an_end_are_not_fetched_again()
    {
        using var world = new FetchWorld(A1, A2);
        Start(world).Tell(FetchWorld.Lease(ended: new FetchProtocol.EndedLink(0, "timeout", "connect", 3)));

        Expect<FetchProtocol.SliceResolved>();

        Assert.Equal(A2, Assert.Single(world.Web.Requests).Url);
        Assert.Equal(new LinkRow("000000", "timeout", "connect", 3, null, null), world.Rows()[0]);
    }

    [Fact]
    public void What_an_earlier_holder_found_gives_way_to_a_picture_that_stands()
    {
        using var world = new FetchWorld(A1);
        Directory.CreateDirectory(Path.GetDirectoryName(world.Store.PathOf(new DataLayout(false).Original("000000")))!);
        File.WriteAllBytes(world.Store.PathOf(new DataLayout(false).Original("000000")), FakeCodec.PictureOf("stood there"));
        Start(world).Tell(FetchWorld.Lease(ended: new FetchProtocol.EndedLink(0, "timeout", "connect", 3)));

        Assert.Equal(1, Expect<FetchProtocol.SliceResolved>().Survivors);
        Assert.Empty(world.Web.Requests);
    }

    [Fact]
    public void A_store_that_refuses_makes_the_node_hand_the_slice_back_with_the_reason_and_rest()
    {
        using var world = new FetchWorld(A1);
        File.WriteAllText(world.Store.PathOf(DataLayout.Originals), "not a folder");
        IActorRef node = Start(world);
        node.Tell(FetchWorld.Lease());

        FetchProtocol.SliceHandedBack back = Expect<FetchProtocol.SliceHandedBack>();
        Assert.NotNull(back.Fault);
        Assert.DoesNotContain("unexpected", back.Fault, StringComparison.Ordinal);
        ReceiveWhile<object>(TimeSpan.FromMilliseconds(100), message => message);
        Scheduler.Advance(FetchProtocol.RequestSlices.Every);
        Assert.Equal(0, ExpectMsg<FetchProtocol.RequestSlices>().Room);
        Scheduler.Advance(TimeSpan.FromSeconds(10));
        Scheduler.Advance(FetchProtocol.RequestSlices.Every);
        FishForMessage<FetchProtocol.RequestSlices>(request => request.Room > 0);
    }

    [Fact]
    public void A_slice_that_is_not_in_the_plan_is_handed_back_with_the_reason()
    {
        using var world = new FetchWorld(A1);
        Start(world).Tell(FetchWorld.Lease() with { Slice = new SliceId(FetchWorld.Job, 9, 0) });

        Assert.Contains("missing", Expect<FetchProtocol.SliceHandedBack>().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_never_ends_is_no_progress_and_a_pause_of_the_host_is()
    {
        using var world = new FetchWorld(A1);
        IActorRef node = Start(world);
        var answer = new TaskCompletionSource<FetchOutcome>();
        world.Web.Answer = (_, _) => answer.Task;
        node.Tell(FetchWorld.Lease());
        AwaitCondition(() => !world.Web.Requests.IsEmpty);
        Assert.Equal(Progress(), Progress());

        answer.SetResult(new FetchOutcome(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true, TimeSpan.FromSeconds(30)));
        AwaitCondition(() => world.Web.Clock.PendingTimers > 0);

        Assert.NotEqual(Progress(), Progress());
    }

    private long Progress()
    {
        Scheduler.Advance(FetchProtocol.RequestSlices.Every);
        return Assert.Single(FishForMessage<FetchProtocol.RequestSlices>(request => request.Active.Count == 1).Active).Progress;
    }
}
