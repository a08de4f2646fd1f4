using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Hostile.Serving;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class DeadlineTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";

    [Fact]
    public async Task A_handshake_without_an_answer_is_timeout_connect()
    {
        await using var server = new RawServer((_, stopping) => RawServer.SilenceAsync(stopping));

        await TimesOutAsync("connect", $"https://{server.Authority}/", Fetches.Loopback with { ConnectTimeout = Fetches.Short });
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    public async Task Headers_that_do_not_come_are_timeout_first_byte(string beginning)
    {
        await using RawServer server = RawServer.SilentAfter(beginning);

        await TimesOutAsync("first byte", $"http://{server.Authority}/", Fetches.Loopback with { FirstByteTimeout = Fetches.Short });
    }

    [Fact]
    public async Task The_time_to_the_first_byte_begins_again_with_each_request()
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, TestPictures.Whole()));
        await using RawServer server = RawServer.SilentAfter("");
        using LinkFetcher fetcher = Fetches.Fetcher(Fetches.Loopback with { FirstByteTimeout = Fetches.Short });

        FetchOutcome lost = await fetcher.FetchAsync(Link.Of($"http://{server.Authority}/"), CancellationToken.None);
        FetchOutcome lostAgain = await fetcher.FetchAsync(Link.Of($"http://{server.Authority}/"), CancellationToken.None);

        Assert.Equal(("first byte", "first byte"), (lost.Detail, lostAgain.Detail));
    }

    [Theory]
    [InlineData("")]
    [InlineData("some bytes, and then none")]
    public async Task A_body_that_stops_is_timeout_stalled(string bytes)
    {
        await using RawServer server = RawServer.SilentAfter(Head + bytes);

        await TimesOutAsync("stalled", $"http://{server.Authority}/", Fetches.Loopback with { StallWindow = Fetches.Short });
    }

    [Fact]
    public async Task A_body_that_never_ends_is_timeout_total()
    {
        await using RawServer server = RawServer.SilentAfter(Head + "bytes");

        await TimesOutAsync("total", $"http://{server.Authority}/", Fetches.Loopback with { TotalTimeout = Fetches.Short });
    }

    [Fact]
    public async Task Cancellation_by_the_caller_is_thrown_and_no_outcome()
    {
        using var caller = new CancellationTokenSource();
        await using var server = new RawServer(async (stream, stopping) =>
        {
            await RawServer.ReadRequestAsync(stream, stopping);
            await caller.CancelAsync();
            await RawServer.SilenceAsync(stopping);
        });
        using LinkFetcher fetcher = Fetches.Fetcher();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetcher.FetchAsync(Link.Of($"http://{server.Authority}/"), caller.Token));
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(1023, true)]
    public void The_rate_is_judged_over_any_window(int bytesPerSecond, bool stalls)
    {
        var clock = new FakeTimeProvider();
        using var watch = new StallWatch(TimeSpan.FromSeconds(5), 1024, clock);

        // A fast beginning earns no credit for later.
        watch.Received(1_000_000);
        for (int second = 0; second < 10; second++)
        {
            watch.Received(bytesPerSecond);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(stalls, watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void Nothing_is_judged_before_a_whole_window_has_passed()
    {
        var clock = new FakeTimeProvider();
        using var watch = new StallWatch(TimeSpan.FromSeconds(5), 1024, clock);

        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(watch.Token.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void While_nobody_reads_nothing_is_judged_and_a_new_window_begins_afterwards()
    {
        var clock = new FakeTimeProvider();
        using var watch = new StallWatch(TimeSpan.FromSeconds(5), 1024, clock);
        clock.Advance(TimeSpan.FromSeconds(4));
        watch.Pause();
        clock.Advance(TimeSpan.FromMinutes(5));
        watch.Resume();

        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(watch.Token.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void The_total_time_stands_still_while_it_is_paused()
    {
        var clock = new FakeTimeProvider();
        using var deadlines = new FetchDeadlines(Fetches.Loopback with { TotalTimeout = TimeSpan.FromSeconds(30) }, clock, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(20));
        deadlines.Pause();
        clock.Advance(TimeSpan.FromMinutes(5));
        deadlines.Resume();

        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Null(deadlines.Passed());
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("total", deadlines.Passed()?.Detail);
    }

    private static async Task TimesOutAsync(string which, string url, FetchOptions options) =>
        Assert.Equal(new FetchOutcome(FetchOutcomeKind.Timeout, which, IsTransient: true), await Fetches.FetchAsync(url, options));
}
