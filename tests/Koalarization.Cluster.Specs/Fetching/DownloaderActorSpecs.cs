using Akka.Actor;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Fetching;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Microsoft.Extensions.Logging.Abstractions;

namespace Koalarization.Cluster.Specs.Fetching;

/// <summary>The downloader as its client sees it: every call ends, and nothing is kept of one that was cancelled.</summary>
public sealed class DownloaderActorSpecs : TestKit
{
    private static readonly Link Wanted = Link.Of("http://a.example/1");

    private readonly FakeWeb _web = new();
    private readonly FetchThrottle _throttle;
    private readonly IActorRef _downloader;
    private readonly SliceProgress _progress = new();
    private readonly LinkFetchClient _client;

    public DownloaderActorSpecs()
        : base(FetchWorld.Config)
    {
        _throttle = new FetchThrottle(_web, new DownloadOptions(), notify: null);
        var driver = new FetchDriver(_web, _throttle, new RetryOptions());
        _downloader = Sys.ActorOf(Props.Create(() => new DownloaderActor(driver, NullLogger.Instance)));
        _client = new LinkFetchClient(_downloader, new LocalHostLimitSource(new DownloadOptions()), _progress);
    }

    [Fact]
    public async Task A_link_is_answered_with_its_outcome()
    {
        using DownloadedLink link = await _client.FetchAsync(Wanted, CancellationToken.None).WaitAsync(RemainingOrDefault);

        Assert.Equal((Wanted, FetchOutcomeKind.Kept, 1), (link.Link, link.Outcome.Kind, link.Tries));
    }

    [Fact]
    public async Task Thousands_of_links_are_answered()
    {
        DownloadedLink[] links = await Task.WhenAll(Enumerable.Range(0, 5000).Select(i => _client.FetchAsync(Link.Of($"http://h{i % 100}.example/{i}"), CancellationToken.None)))
            .WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(5000, links.Select(link => link.Link.Url).Distinct().Count());
        Assert.Equal((0, 0), (_throttle.InFlight, _progress.Waiting));
    }

    [Fact]
    public async Task A_cancelled_link_ends_at_once_and_gives_its_permit_back()
    {
        _web.Answer = (_, _) => new TaskCompletionSource<FetchOutcome>().Task;
        using var cancellation = new CancellationTokenSource();
        Task<DownloadedLink> call = _client.FetchAsync(Wanted, cancellation.Token);
        AwaitCondition(() => _throttle.InFlight == 1);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(RemainingOrDefault));
        AwaitCondition(() => _throttle.InFlight == 0);
    }

    [Fact]
    public async Task A_link_that_is_cancelled_while_it_waits_waits_no_longer()
    {
        _web.Answer = (_, _) => Task.FromResult(new FetchOutcome(FetchOutcomeKind.ServerError, "500", IsTransient: true));
        using var cancellation = new CancellationTokenSource();
        Task<DownloadedLink> call = _client.FetchAsync(Wanted, cancellation.Token);
        AwaitCondition(() => _web.Clock.PendingTimers > 0 && _progress.Waiting == 1);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(RemainingOrDefault));
        AwaitCondition(() => _progress.Waiting == 0);
    }

    [Fact]
    public async Task A_body_that_comes_after_its_link_was_cancelled_is_disposed()
    {
        FetchOutcome late = FakeWeb.Kept(Wanted.Url);
        using var cancellation = new CancellationTokenSource();
        Task<DownloadedLink> call = new LinkFetchClient(TestActor, new LocalHostLimitSource(new DownloadOptions()), _progress).FetchAsync(Wanted, cancellation.Token);
        ExpectMsg<LinkProtocol.FetchLink>();
        IActorRef asker = LastSender;

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(RemainingOrDefault));
        ExpectMsg<LinkProtocol.CancelFetch>();
        Assert.Equal(asker, LastSender);
        asker.Tell(new LinkProtocol.LinkFetched(new DownloadedLink(Wanted, late, 1)));

        AwaitAssert(() => Assert.Throws<ObjectDisposedException>(() => late.Body!.Memory));
    }

    [Fact]
    public async Task When_it_stops_every_waiting_sender_is_answered()
    {
        _web.Answer = (_, _) => new TaskCompletionSource<FetchOutcome>().Task;
        Task<DownloadedLink>[] calls = [.. Enumerable.Range(0, 100).Select(i => _client.FetchAsync(Link.Of($"http://a.example/{i}"), CancellationToken.None))];
        AwaitCondition(() => _throttle.InFlight == 32 && _progress.Waiting == 68);

        Sys.Stop(_downloader);

        foreach (Task<DownloadedLink> call in calls)
        {
            await Assert.ThrowsAsync<FetchingStoppedException>(() => call.WaitAsync(RemainingOrDefault));
        }

        Assert.Equal(0, _progress.Waiting);
        AwaitCondition(() => _throttle.InFlight == 0);
    }

    [Fact]
    public void A_link_whose_outcome_is_not_judged_yet_counts_as_waiting()
    {
        var other = new TaskCompletionSource<FetchOutcome>();
        _web.Answer = (url, _) => url == Wanted.Url ? Task.FromResult(new FetchOutcome(FetchOutcomeKind.Dns, "no such host")) : other.Task;
        _ = _client.FetchAsync(Link.Of("http://b.example/1"), CancellationToken.None);
        AwaitCondition(() => _throttle.InFlight == 1);

        Task<DownloadedLink> call = _client.FetchAsync(Wanted, CancellationToken.None);

        AwaitCondition(() => _progress.Waiting == 1 && _throttle.InFlight == 1);
        Assert.False(call.IsCompleted);
        other.SetResult(FakeWeb.Kept("b"));
        AwaitCondition(() => call.IsCompletedSuccessfully && _progress.Waiting == 0);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _throttle.Dispose();
    }
}
