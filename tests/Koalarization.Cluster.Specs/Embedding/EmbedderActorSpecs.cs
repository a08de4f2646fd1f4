using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Hosting;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>The embedder between a client, which is the test, and a fake device. The scheduler's time moves only when it is advanced.</summary>
public sealed class EmbedderActorSpecs() : TestKit("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\n" + EmbedWorld.Config)
{
    private const string Client = "client/1";

    private readonly EmbedWorld _world = new();
    private TestProbe? _windows;
    private long _requests;

    // The client that windows are announced to; requests are the test's own, and so are their answers.
    private TestProbe Windows => _windows ??= StartClient();

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Requests_share_batches_and_each_gets_its_own_logits()
    {
        var device = new FakeDevice(batchSize: 4);
        IActorRef embedder = Start(device);

        RequestId first = Send(embedder, _world.Pictures(0, 3)), second = Send(embedder, _world.Pictures(100, 5));

        AssertLogits(ExpectMsg<ImagesEmbedded>(), first, Enumerable.Range(0, 3));
        AssertLogits(ExpectMsg<ImagesEmbedded>(), second, Enumerable.Range(100, 5));
        Assert.Equal([4, 4], device.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public void A_short_batch_runs_when_its_pictures_have_waited_long_enough()
    {
        var device = new FakeDevice(batchSize: 4);
        IActorRef embedder = Start(device);

        RequestId request = Send(embedder, _world.Pictures(0, 3));
        ExpectNoMsg(TimeSpan.FromMilliseconds(300));
        Assert.Empty(device.Batches);
        Scheduler.Advance(BatchPolicy.Default.MaxWait);

        AssertLogits(ExpectMsg<ImagesEmbedded>(), request, Enumerable.Range(0, 3));
        Assert.Equal([3], device.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public void The_next_batch_is_decoded_and_given_to_the_device_while_one_runs()
    {
        var device = new FakeDevice(batchSize: 4);
        var running = new TaskCompletionSource();
        int decoded = 0;
        device.OnBatch = batch => batch == 1 ? running.Task : Task.CompletedTask;
        _world.Codec.OnDecode = () => Interlocked.Increment(ref decoded);
        IActorRef embedder = Start(device);

        Send(embedder, _world.Pictures(0, 4));
        AwaitAssert(() => Assert.Single(device.Batches));
        Send(embedder, _world.Pictures(100, 4));
        Send(embedder, _world.Pictures(200, 4));

        AwaitAssert(() => Assert.Equal(2, device.Batches.Count));
        AwaitAssert(() => Assert.Equal(12, decoded));
        Assert.Equal(2, device.Batches.Count);
        running.SetResult();
        ReceiveN(3);
    }

    [Fact]
    public void Two_devices_share_the_pictures()
    {
        FakeDevice[] devices = [new(batchSize: 4), new(batchSize: 4)];
        var running = new TaskCompletionSource();
        Array.ForEach(devices, device => device.OnBatch = _ => running.Task);
        IActorRef embedder = Start(devices);

        Send(embedder, _world.Pictures(0, 8));

        AwaitAssert(() => Assert.All(devices, device => Assert.Single(device.Batches)));
        running.SetResult();
        ExpectMsg<ImagesEmbedded>();
    }

    [Fact]
    public void A_batch_that_does_not_fit_is_halved_and_run_again()
    {
        var device = new FakeDevice(batchSize: 8) { Memory = 2 };
        IActorRef embedder = Start(device);

        RequestId request = Send(embedder, _world.Pictures(0, 16));

        AssertLogits(ExpectMsg<ImagesEmbedded>(), request, Enumerable.Range(0, 16));
        Assert.Equal(2, device.BatchSize);
        Assert.Equal(2, device.Shrinks);
        Assert.Equal(8, device.Batches.Count(batch => batch.Length == 2));
        Assert.Equal(
            ["Device out of memory with 8 pictures; batches reduced to 4", "Device out of memory with 4 pictures; batches reduced to 2"],
            _world.Log.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Line));
    }

    [Fact]
    public void A_device_that_cannot_hold_one_picture_is_lost()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeviceLost));
        var device = new FakeDevice(batchSize: 2) { Memory = 0 };
        IActorRef embedder = Start(device);

        Send(embedder, _world.Pictures(0, 2));

        EmbeddingRejected rejected = ExpectMsg<EmbeddingRejected>();
        Assert.Equal(RejectionReason.DeviceFailed, rejected.Reason);
        Assert.Null(rejected.Window.Key);
        Assert.Equal(0, rejected.Window.Images);
        ExpectMsg<DeviceLost>();
        Assert.Equal(0, Window(embedder).Images);
    }

    [Fact]
    public void Another_device_takes_over_what_one_failed_with()
    {
        var broken = new FakeDevice(batchSize: 4) { Failure = new InvalidOperationException("an illegal memory access was encountered") };
        var sound = new FakeDevice(batchSize: 4);
        IActorRef embedder = Start(broken, sound);

        RequestId request = Send(embedder, _world.Pictures(0, 16));

        AssertLogits(ExpectMsg<ImagesEmbedded>(), request, Enumerable.Range(0, 16));
        Assert.NotNull(Window(embedder).Key);
    }

    [Fact]
    public void A_device_that_cannot_be_loaded_is_lost()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeviceLost));

        StartActor([() => throw new InvalidOperationException("There is no cuda:7.")]);

        Assert.Equal("There is no cuda:7.", ExpectMsg<DeviceLost>().Reason);
    }

    [Fact]
    public void Nothing_is_taken_before_the_network_is_loaded_and_a_window_is_announced_as_soon_as_it_is()
    {
        var loading = new TaskCompletionSource<IInferenceDevice>();
        IActorRef embedder = StartActor([() => loading.Task]);
        Assert.Null(Window(embedder).Key);
        Send(embedder, _world.Pictures(0, 1));
        Assert.Equal(RejectionReason.NotReady, ExpectMsg<EmbeddingRejected>().Reason);

        loading.SetResult(new FakeDevice());

        EmbedWindow window = Windows.ExpectMsg<WindowAnnounced>().Window;
        Assert.Equal(EmbedWorld.Key, window.Key);
        Assert.True(window.Images > 0);
    }

    [Fact]
    public void Too_much_and_other_networks_are_rejected()
    {
        var device = new FakeDevice(batchSize: 16) { OnBatch = _ => new TaskCompletionSource().Task };
        IActorRef embedder = Start(device);
        int capacity = Window(embedder).Images;
        Assert.Equal(BatchPolicy.Capacity(16, 0), capacity);

        for (int image = 0; image < 2 * capacity; image += MaxImages)
        {
            Send(embedder, _world.Pictures(image, MaxImages));
        }

        Send(embedder, _world.Pictures(1000, 1));
        EmbeddingRejected full = ExpectMsg<EmbeddingRejected>();
        Assert.Equal((RejectionReason.Full, 2 * capacity), (full.Reason, full.Window.Queued));
        embedder.Tell(new EmbedImages(NextRequest(), EmbedWorld.Key with { Weights = "other" }, EmbedWorld.Data, false, _world.Pictures(0, 1)), TestActor);
        Assert.Equal(RejectionReason.OtherKey, ExpectMsg<EmbeddingRejected>().Reason);
    }

    [Fact]
    public void The_work_of_a_client_that_is_gone_is_dropped()
    {
        var running = new TaskCompletionSource();
        var device = new FakeDevice(batchSize: 16) { OnBatch = _ => running.Task };
        IActorRef embedder = Start(device);
        TestProbe gone = CreateTestProbe();
        embedder.Tell(new EmbedImages(NextRequest(), EmbedWorld.Key, EmbedWorld.Data, FansOut: false, _world.Pictures(0, 16)), gone);
        AwaitAssert(() => Assert.Equal(16, Window(embedder).Queued));

        Sys.Stop(gone);

        AwaitAssert(() => Assert.Equal(0, Window(embedder).Queued));
        running.SetResult();
    }

    [Fact]
    public void Windows_are_announced_once_a_second()
    {
        Start(new FakeDevice());
        Windows.ExpectNoMsg(TimeSpan.FromMilliseconds(100));

        Scheduler.Advance(TimeSpan.FromSeconds(1));

        Windows.ExpectMsg<WindowAnnounced>();
    }

    [Fact]
    public void A_damaged_picture_has_no_logits_and_the_others_have()
    {
        IActorRef embedder = Start(new FakeDevice(batchSize: 2));

        Send(embedder, [.. _world.Pictures(0, 1), _world.Damaged(1), .. _world.Pictures(2, 1)]);

        ImagesEmbedded answer = ExpectMsg<ImagesEmbedded>();
        Assert.Equal([1], answer.Undecodable);
        Assert.Equal(2 * EmbedProtocol.Logits * sizeof(float), answer.Logits.Length);
        Assert.Equal((0, EmbedWorld.GrayOf(0)), EmbedWorld.LogitsOf(answer.Logits, 0));
        Assert.Equal((2, EmbedWorld.GrayOf(2)), EmbedWorld.LogitsOf(answer.Logits, 1));
    }

    [Fact]
    public void A_picture_that_is_not_there_is_looked_for_a_few_times_and_named_then()
    {
        var clock = new SteppedTimeProvider();
        IActorRef embedder = Start(clock, new FakeDevice(batchSize: 1));

        Send(embedder, [.. _world.Pictures(0, 1), EmbedWorld.Absent(1)]);
        for (int tries = 0; tries < 4; tries++)
        {
            AwaitAssert(() => Assert.NotEqual(0, clock.PendingTimers));
            clock.AdvanceToNextTimer();
        }

        EmbeddingRejected rejected = ExpectMsg<EmbeddingRejected>();
        Assert.Equal(RejectionReason.Unreadable, rejected.Reason);
        Assert.Contains("1.jpeg", rejected.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_appears_late_or_is_overwritten_with_itself_is_served()
    {
        var clock = new SteppedTimeProvider();
        IActorRef embedder = Start(clock, new FakeDevice(batchSize: 1));
        ImageReference picture = _world.Pictures(7, 1)[0];
        File.WriteAllBytes(_world.PathOf(picture.Name), UniformCodec.FileOf(99));

        RequestId request = Send(embedder, [picture]);
        AwaitAssert(() => Assert.NotEqual(0, clock.PendingTimers));
        _world.Pictures(7, 1);
        clock.AdvanceToNextTimer();

        AssertLogits(ExpectMsg<ImagesEmbedded>(), request, [7]);
    }

    [Fact]
    public void Restarted_it_rejects_what_it_had_and_keeps_the_device()
    {
        int loaded = 0;
        var running = new TaskCompletionSource();
        var device = new FakeDevice(batchSize: 1) { OnBatch = _ => running.Task };
        IActorRef embedder = StartActor([() =>
        {
            loaded++;
            return Task.FromResult<IInferenceDevice>(device);
        }]);
        AwaitAssert(() => Assert.NotNull(Window(embedder).Key));
        string earlier = Window(embedder).Incarnation;
        Send(embedder, _world.Pictures(0, 1));
        AwaitAssert(() => Assert.Single(device.Batches));

        EventFilter.Exception<NullReferenceException>().ExpectOne(() => embedder.Tell(new EmbedImages(NextRequest(), EmbedWorld.Key, EmbedWorld.Data, false, null!)));

        EmbeddingRejected rejected = ExpectMsg<EmbeddingRejected>();
        Assert.Equal((RejectionReason.NotReady, earlier), (rejected.Reason, rejected.Window.Incarnation));
        running.SetResult();
        AwaitAssert(() => Assert.NotNull(Window(embedder).Key));
        Assert.NotEqual(earlier, Window(embedder).Incarnation);
        RequestId request = Send(embedder, _world.Pictures(5, 1));
        AssertLogits(ExpectMsg<ImagesEmbedded>(), request, [5]);
        Assert.Equal(1, loaded);
    }

    [Fact]
    public void Leaving_it_closes_the_windows_and_serves_what_it_has()
    {
        var running = new TaskCompletionSource();
        var device = new FakeDevice(batchSize: 1) { OnBatch = _ => running.Task };
        IActorRef embedder = Start(device);
        RequestId request = Send(embedder, _world.Pictures(3, 1));
        TestProbe leaver = CreateTestProbe();

        embedder.Tell(new EmbedderActor.PrepareToLeave(TimeSpan.FromSeconds(20)), leaver);
        Assert.Equal(0, ExpectClosed().Images);
        Send(embedder, _world.Pictures(4, 1));
        Assert.Equal(RejectionReason.NotReady, ExpectMsg<EmbeddingRejected>().Reason);
        leaver.ExpectNoMsg(TimeSpan.FromMilliseconds(200));
        running.SetResult();
        AssertLogits(ExpectMsg<ImagesEmbedded>(), request, [3]);
        leaver.ExpectMsg<EmbedderActor.Left>();
    }

    [Fact]
    public void Leaving_it_waits_no_longer_than_it_may()
    {
        var device = new FakeDevice(batchSize: 1) { OnBatch = _ => new TaskCompletionSource().Task };
        IActorRef embedder = Start(device);
        Send(embedder, _world.Pictures(3, 1));
        AwaitAssert(() => Assert.Single(device.Batches));
        TestProbe leaver = CreateTestProbe();

        embedder.Tell(new EmbedderActor.PrepareToLeave(TimeSpan.FromSeconds(20)), leaver);
        ExpectClosed();
        Scheduler.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(RejectionReason.NotReady, ExpectMsg<EmbeddingRejected>().Reason);
        leaver.ExpectMsg<EmbedderActor.Left>();
    }

    [Fact]
    public void The_rate_is_stated_once_a_full_batch_has_run()
    {
        var device = new FakeDevice(batchSize: 2);
        IActorRef embedder = Start(device);
        Assert.Equal(0, Window(embedder).ImagesPerSecond);

        Send(embedder, _world.Pictures(0, 2));
        ExpectMsg<ImagesEmbedded>();

        Assert.True(Window(embedder).ImagesPerSecond > 0);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _world.Dispose();
    }

    private static void AssertLogits(ImagesEmbedded answer, RequestId request, IEnumerable<int> numbers)
    {
        Assert.Equal(request, answer.Request);
        Assert.Empty(answer.Undecodable);
        Assert.All(numbers.Index(), number =>
            Assert.Equal((number.Item, EmbedWorld.GrayOf(number.Item)), EmbedWorld.LogitsOf(answer.Logits, number.Index)));
    }

    private IActorRef Start(params FakeDevice[] devices) => Start(TimeProvider.System, devices);

    private IActorRef Start(TimeProvider time, params FakeDevice[] devices)
    {
        IActorRef embedder = StartActor([.. devices.Select(device => (Func<Task<IInferenceDevice>>)(() => Task.FromResult<IInferenceDevice>(device)))], time);
        Windows.FishForMessage<WindowAnnounced>(announced => announced.Window.Key is not null);
        return embedder;
    }

    private IActorRef StartActor(IReadOnlyList<Func<Task<IInferenceDevice>>> devices, TimeProvider? time = null)
    {
        NodeServices parts = _world.Node(devices) with { Time = time ?? TimeProvider.System };
        var pool = new DevicePool(devices, parts.Stores.Owner);
        _ = Windows;
        Func<IEnumerable<Address>> writeNodes = () => [((ExtendedActorSystem)Sys).Provider.DefaultAddress];
        return Sys.ActorOf(Props.Create(() => new EmbedderActor(parts, pool, writeNodes, _world.Log)));
    }

    // The client's window as it is now.
    private EmbedWindow Window(IActorRef embedder)
    {
        while (Windows.HasMessages)
        {
            Windows.ReceiveOne(TimeSpan.Zero);
        }

        embedder.Tell(EmbedderActor.Announce.Instance);
        return Windows.ExpectMsg<WindowAnnounced>().Window;
    }

    private EmbedWindow ExpectClosed() => Windows.FishForMessage<WindowAnnounced>(announced => announced.Window.Key is null).Window;

    private TestProbe StartClient()
    {
        TestProbe probe = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new Relay(probe)), ClientName);
        return probe;
    }

    private RequestId Send(IActorRef embedder, IReadOnlyList<ImageReference> pictures)
    {
        RequestId request = NextRequest();
        embedder.Tell(new EmbedImages(request, EmbedWorld.Key, EmbedWorld.Data, FansOut: false, pictures), TestActor);
        return request;
    }

    private RequestId NextRequest() => new(Client, ++_requests);

    private sealed class Relay : ReceiveActor
    {
        public Relay(IActorRef to) => ReceiveAny(to.Forward);
    }
}
