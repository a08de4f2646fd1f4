using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.HostLimits;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Koalarization.Cluster.Specs.Fetching;

public sealed class FetchSupervisionSpecs() : TestKit(FetchWorld.Config)
{
    private const string Url = "http://a.example/1";

    [Fact]
    public void A_host_that_asks_for_seven_seconds_is_asked_again_after_seven_seconds()
    {
        using var world = new FetchWorld(Url);
        world.Web.Answer = (url, tries) => Task.FromResult(tries == 1
            ? new FetchOutcome(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true, TimeSpan.FromSeconds(7))
            : FakeWeb.Kept(url));
        Start(world).Tell(FetchWorld.Lease());

        AwaitCondition(() => world.Web.Clock.PendingTimers > 0);
        Assert.Single(world.Web.Requests);
        world.Web.Clock.AdvanceToNextTimer();

        Assert.Equal(1, Resolved().Survivors);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(7)], world.Web.Requests.Select(request => request.At));
        Assert.Equal(2, world.Rows()[0].Tries);
    }

    [Fact]
    public void Of_a_thousand_links_of_which_three_in_ten_are_dead_each_has_one_outcome_and_nothing_is_logged()
    {
        using var world = new FetchWorld(Enumerable.Range(0, 1000).Select(i => $"http://h{i % 50}.example/{i}"));
        world.Web.Answer = (url, _) => Task.FromResult((int.Parse(url[(url.LastIndexOf('/') + 1)..]) % 10) switch
        {
            0 => new FetchOutcome(FetchOutcomeKind.NotFound, "404"),
            1 => new FetchOutcome(FetchOutcomeKind.Connection, "refused", IsTransient: true),
            2 => new FetchOutcome(FetchOutcomeKind.ServerError, "500", IsTransient: true),
            _ => FakeWeb.Kept(url),
        });
        IActorRef node = Start(world);
        EventFilter.Custom(said => said is Error or Warning).Expect(0, () =>
        {
            node.Tell(FetchWorld.Lease(0));
            node.Tell(FetchWorld.Lease(1));
            AwaitCondition(
                () =>
                {
                    world.Web.Clock.Advance(TimeSpan.FromSeconds(1));
                    return world.Store.SizeOf(DataLayout.Slice(1, 0)) is not null && world.Store.SizeOf(DataLayout.Slice(1, 1)) is not null;
                },
                TimeSpan.FromSeconds(60),
                TimeSpan.FromMilliseconds(50));
        });

        LinkRow[] rows = [.. world.Rows(0), .. world.Rows(1)];
        Assert.Equal(1000, rows.Length);
        Assert.Equal(
            [("connection", 3, 100), ("kept", 1, 700), ("not_found", 1, 100), ("server_error", 3, 100)],
            rows.GroupBy(row => (row.Outcome, row.Tries)).Select(same => (same.Key.Outcome, same.Key.Tries, same.Count())).Order());
        Assert.All(rows, row => Assert.Equal(1, world.Ended[row.Name]));
        Assert.DoesNotContain(world.Log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public void A_fetch_that_crashes_is_started_anew_and_nothing_is_lost()
    {
        using var world = new FetchWorld(Url, "http://a.example/2");
        world.Web.Answer = (url, tries) => url == Url && tries < 3 ? throw new InvalidOperationException("a bug") : Task.FromResult(FakeWeb.Kept(url));
        Start(world, new DownloadOptions { Parallel = 1 }).Tell(FetchWorld.Lease());

        Assert.Equal(2, Resolved().Survivors);
        Assert.Equal(1, world.Rows()[0].Tries);
        Assert.Equal(2, world.Log.Lines.Count(line => line.Line.Contains("crashed", StringComparison.Ordinal)));
        Assert.DoesNotContain(world.Log.Lines, line => line.Line.Contains("Work on the link", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fetch_whose_permit_expires_is_cancelled_and_waits_again_without_a_used_try()
    {
        using var world = new FetchWorld(Url);
        world.Web.Answer = (url, tries) => tries == 1 ? new TaskCompletionSource<FetchOutcome>().Task : Task.FromResult(FakeWeb.Kept(url));
        NodeServices parts = world.Node(isAlone: false);
        IActorRef node = Sys.ActorOf(FetchWorld.NodeProps(parts, TestActor), "fetch");
        node.Tell(FetchWorld.Lease());
        Grant(permits: 1);
        AwaitCondition(() => world.Web.Requests.Count == 1);
        ((TestScheduler)Sys.Scheduler).Advance(NodePermitsActor.Debounce);

        world.Web.Clock.Advance(NodePermits.LifeOf(parts.DownloadOptions.TryTimeout));
        LastSender.Tell(new FetchProtocol.HostPermitsGranted(FetchWorld.Job, []));

        Assert.Equal(1, ResolvedWhileGranting().Survivors);
        Assert.Equal([TimeSpan.Zero, NodePermits.LifeOf(parts.DownloadOptions.TryTimeout)], world.Web.Requests.Select(request => request.At));
        Assert.Equal(1, world.Rows()[0].Tries);
    }

    [Fact]
    public void A_link_whose_fetches_all_crash_is_not_judged_but_its_slice_handed_back()
    {
        using var world = new FetchWorld(Url, "http://a.example/2");
        world.Web.Answer = (url, _) => url == Url ? throw new InvalidOperationException("a bug") : Task.FromResult(FakeWeb.Kept(url));
        Start(world).Tell(FetchWorld.Lease());

        string fault = FishForMessage<FetchProtocol.SliceHandedBack>(_ => true).Fault!;

        Assert.Contains("unexpected: a bug; the node's log shows where.", fault, StringComparison.Ordinal);
        Assert.Null(world.Store.SizeOf(DataLayout.Slice(1, 0)));
    }

    [Fact]
    public void A_picture_that_crashes_a_resizer_once_is_fitted_by_the_next()
    {
        using var world = new FetchWorld(Url, "http://a.example/2");
        int decoded = 0;
        world.Codec.OnDecode = _ =>
        {
            if (Interlocked.Increment(ref decoded) == 1)
            {
                throw new InvalidOperationException("a bug");
            }
        };
        Start(world).Tell(FetchWorld.Lease());

        Assert.Equal(2, Resolved().Survivors);
        Assert.Equal(3, decoded);
        Assert.Equal(2, world.Web.Requests.Count);
    }

    [Fact]
    public void A_picture_that_crashes_every_resizer_is_not_judged_and_the_resizers_go_on()
    {
        using var world = new FetchWorld(Url);
        world.Codec.OnDecode = _ => throw new InvalidOperationException("a bug");
        IActorRef node = Start(world);
        node.Tell(FetchWorld.Lease());
        Assert.Contains("unexpected", FishForMessage<FetchProtocol.SliceHandedBack>(_ => true).Fault, StringComparison.Ordinal);

        world.Codec.OnDecode = _ => { };
        node.Tell(FetchWorld.Lease());

        Assert.Equal(1, Resolved().Survivors);
    }

    /// <summary>Answers the next report.</summary>
    private void Grant(long permits) =>
        Grant(FishForMessage<FetchProtocol.ReportHostUsage>(report => report.Hosts.Count > 0), permits);

    private void Grant(FetchProtocol.ReportHostUsage report, long permits)
    {
        FetchProtocol.HostUsage usage = Assert.Single(report.Hosts);
        LastSender.Tell(new FetchProtocol.HostPermitsGranted(report.Job,
        [
            new FetchProtocol.HostGrant { Host = usage.Host, ReportedAt = report.SentAt, Granted = permits, Returned = usage.Returned, Share = 1 },
        ]));
    }

    /// <summary>Answers reports with one permit, as a coordinator does, until the slice is resolved: a permit that comes while the link does not wait yet is given back.</summary>
    private FetchProtocol.SliceResolved ResolvedWhileGranting()
    {
        FetchProtocol.SliceResolved? resolved = null;
        AwaitCondition(
            () =>
            {
                ((TestScheduler)Sys.Scheduler).Advance(NodePermitsActor.Debounce);
                while (resolved is null && ReceiveOne(TimeSpan.FromMilliseconds(20)) is object message)
                {
                    resolved = message as FetchProtocol.SliceResolved;
                    if (message is FetchProtocol.ReportHostUsage { Hosts.Count: > 0 } report)
                    {
                        Grant(report, report.Hosts[0].Returned + 1);
                    }
                }

                return resolved is not null;
            },
            TimeSpan.FromSeconds(20));
        return resolved!;
    }

    private IActorRef Start(FetchWorld world, DownloadOptions? downloadOptions = null) =>
        Sys.ActorOf(FetchWorld.NodeProps(world.Node(downloadOptions), TestActor), "fetch");

    private FetchProtocol.SliceResolved Resolved() => FishForMessage<FetchProtocol.SliceResolved>(_ => true, TimeSpan.FromSeconds(20));
}
