using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class LinkDownloaderTests
{
    private static readonly FetchOutcome Kept = new(FetchOutcomeKind.Kept);
    private static readonly FetchOutcome NoAnswer = new(FetchOutcomeKind.Dns, "try again", IsTransient: true);
    private static readonly FetchOutcome NoSuchHost = new(FetchOutcomeKind.Dns, "no such host");
    private static readonly FetchOutcome TooMany = new(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true);

    private readonly VirtualWorld _world = new();
    private readonly DownloadOptions _options = new();

    [Fact]
    public void No_more_links_are_on_the_way_than_allowed_nor_to_one_host()
    {
        DownloadedLink?[] done = _world.Run(_options, Links(2000, hosts: 10));

        Assert.All(done, link => Assert.Equal((FetchOutcomeKind.Kept, 1), (link!.Outcome.Kind, link.Tries)));
        Assert.Equal(256, _world.PeakInFlightOverall);
        Assert.All(_world.PeakInFlight.Values, max => Assert.InRange(max, 1, 32));
    }

    [Fact]
    public void Links_of_a_host_go_out_in_the_order_in_which_they_came()
    {
        Link[] links = Links(200, hosts: 1);

        _world.Run(_options with { HostLimit = 3 }, links);

        Assert.Equal(links, _world.Tries.Select(t => t.Link));
    }

    [Fact]
    public void A_host_with_many_links_delays_no_other()
    {
        Link[] links = [.. Links(5000, hosts: 1), Link.Of("http://other.example/1.jpg")];

        _world.Run(_options, links);

        Assert.Equal(TimeSpan.Zero, _world.Tries.Single(t => t.Link == links[^1]).At);
    }

    [Fact]
    public void A_pause_holds_for_every_link_of_the_host_and_costs_only_the_link_that_was_refused_a_try()
    {
        _world.Answer = (link, _, _) => (TimeSpan.FromMilliseconds(50), () =>
            _world.Tries.Count == 1 ? TooMany with { RetryAfter = TimeSpan.FromSeconds(30) } : Kept);

        DownloadedLink?[] done = _world.Run(_options with { HostLimit = 1 }, Links(20, hosts: 1));

        Assert.Equal([2, .. Enumerable.Repeat(1, 19)], done.Select(link => link!.Tries));
        Assert.True(_world.Tries[1].At >= TimeSpan.FromSeconds(30));
        Assert.Equal([new HostPaused(new LinkHost("h0.example", 80), TimeSpan.FromSeconds(30), 1)], _world.Notices);
    }

    [Fact]
    public void A_paused_host_takes_no_permit()
    {
        _world.Answer = (_, host, attempt) => (TimeSpan.FromMilliseconds(50), () =>
            host.Name == "h0.example" && attempt == 1 ? TooMany with { RetryAfter = TimeSpan.FromSeconds(60) } : Kept);

        _world.Run(_options with { Parallel = 2 }, Links(40, hosts: 2));

        Assert.True(_world.Tries.Where(t => t.Link.Url.Contains("h1", StringComparison.Ordinal)).Max(t => t.At) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_host_that_refuses_everything_is_given_up_and_delays_no_other()
    {
        var refusing = new LinkHost("h0.example", 80);
        _world.Answer = (_, host, _) => (TimeSpan.FromMilliseconds(50), () => host == refusing ? TooMany : Kept);
        Link[] links = [.. Links(1000, hosts: 1), .. Links(2000, hosts: 10).Where(link => !link.Url.Contains("h0.", StringComparison.Ordinal))];

        DownloadedLink?[] done = _world.Run(_options, links);

        Assert.True(_world.Clock.Elapsed < TimeSpan.FromHours(1));
        Assert.True(_world.Tries.Where(t => t.Link.Url.Contains("h0.", StringComparison.Ordinal)).All(t => t.At < TimeSpan.FromHours(1)));
        Assert.All(done.Take(1000), link => Assert.Equal(FetchOutcomeKind.TooManyRequests, link!.Outcome.Kind));
        Assert.Contains(new FetchOutcome(FetchOutcomeKind.TooManyRequests, "the host refuses everything"), done.Where(link => link!.Tries == 0).Select(link => link!.Outcome));
        Assert.All(done.Skip(1000), link => Assert.Equal((FetchOutcomeKind.Kept, 1), (link!.Outcome.Kind, link.Tries)));
        Assert.True(_world.Tries.Where(t => !t.Link.Url.Contains("h0.", StringComparison.Ordinal)).Max(t => t.At) < TimeSpan.FromSeconds(10));
        Assert.Equal(refusing, Assert.Single(_world.Notices.OfType<HostGivenUp>()).Host);
        Assert.InRange(_world.Tries.Count(t => t.Link.Url.Contains("h0.", StringComparison.Ordinal)), 20, 100);
        Assert.Empty(_world.Probes);
    }

    [Fact]
    public void A_host_that_is_given_up_is_asked_by_one_link_every_ten_minutes_and_opened_by_a_good_answer()
    {
        bool refuses = true;
        _world.Answer = (_, _, _) => (TimeSpan.FromMilliseconds(50), () => refuses ? TooMany : Kept);
        _world.Run(_options, [], downloader =>
        {
            Fetch(downloader, 100);
            int before = _world.Tries.Count;
            _world.Clock.Advance(HostState.ProbeAfter);

            // The one that was let through waits for its own next try, and is turned away.
            Assert.Equal([1, 0, 0, 0, 0], Fetch(downloader, 5).Select(link => link.Tries));
            Assert.Equal(1, _world.Tries.Count - before);

            refuses = false;
            Assert.All(Fetch(downloader, 5), link => Assert.Equal(0, link.Tries));
            _world.Clock.Advance(HostState.ProbeAfter);
            Assert.Equal(FetchOutcomeKind.Kept, Fetch(downloader, 1)[0].Outcome.Kind);
            Assert.All(Fetch(downloader, 20), link => Assert.Equal(FetchOutcomeKind.Kept, link.Outcome.Kind));
        });

        Assert.Single(_world.Notices.OfType<HostGivenUp>());

        DownloadedLink[] Fetch(LinkDownloader downloader, int count)
        {
            Task<DownloadedLink>[] calls = [.. Links(count, hosts: 1).Select(link => downloader.FetchAsync(link, CancellationToken.None))];
            while (!calls.All(call => call.IsCompleted))
            {
                Assert.True(_world.Step());
            }

            return [.. calls.Select(call => call.Result)];
        }
    }

    [Fact]
    public void A_loopback_host_has_no_limit()
    {
        _world.Run(_options, Enumerable.Range(0, 300).Select(i => Link.Of($"http://127.0.0.1/{i}")));

        Assert.Equal(256, _world.PeakInFlight.Values.Single());
    }

    [Fact]
    public async Task A_link_without_a_host_ends_at_once()
    {
        using var fetcher = new LinkFetcher(new FetchOptions());
        using var downloader = new LinkDownloader(fetcher, _options);

        Assert.Equal((FetchOutcomeKind.BadUrl, 1), await downloader.FetchAsync(Link.Of("http://"), default) is var done ? (done.Outcome.Kind, done.Tries) : default);
    }

    [Fact]
    public void A_resolver_that_stops_in_the_middle_and_comes_back_costs_no_link_and_no_try()
    {
        (TimeSpan from, TimeSpan to) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(300));
        bool IsDown() => _world.Clock.Elapsed > from && _world.Clock.Elapsed < to;
        _world.Answer = (_, _, _) => (TimeSpan.FromMilliseconds(200), () => IsDown() ? NoSuchHost : Kept);
        _world.Probe = _ => IsDown() ? ProbeAnswer.Denied : ProbeAnswer.Connected;

        DownloadedLink?[] done = _world.Run(_options, Links(5000, hosts: 1000));

        Assert.All(done, link => Assert.Equal((FetchOutcomeKind.Kept, 1), (link!.Outcome.Kind, link.Tries)));
        var lost = Assert.IsType<NetworkLost>(_world.Notices[0]);
        Assert.Equal(NetworkFault.Names, lost.Fault);
        Assert.InRange(lost.Links, 101, 256);
        Assert.InRange(Assert.IsType<NetworkBack>(_world.Notices[1]).Waited, TimeSpan.FromSeconds(295), TimeSpan.FromSeconds(360));
        Assert.Equal(2, _world.Notices.Count);

        // What was said of names in that time is forgotten, and only that.
        Assert.InRange(_world.Forgotten[0], TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        Assert.True(_world.Forgotten[1] > to - from);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(64)]
    public void Names_that_cannot_be_looked_up_cost_no_link_although_hosts_whose_address_is_cached_go_on_answering(int atOnce)
    {
        (TimeSpan from, TimeSpan to) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(100));
        bool IsDown() => _world.Clock.Elapsed > from && _world.Clock.Elapsed < to;
        _world.Remembers = host => host.Name.Length < 11;
        _world.Answer = (_, host, _) => (TimeSpan.FromMilliseconds(200), () => IsDown() && !_world.Remembers(host) ? NoSuchHost : Kept);
        _world.Probe = _ => IsDown() ? ProbeAnswer.Denied : ProbeAnswer.Connected;

        // Half of the links are of ten hosts that are known, half of hosts of their own.
        Link[] links = [.. Enumerable.Range(0, 5000).Select(i => Link.Of(i % 2 == 0 ? $"http://h{i / 2 % 10}.example/{i}" : $"http://own{i}.example/{i}"))];
        using var window = new SemaphoreSlim(atOnce);
        DownloadedLink?[] done = _world.Run(_options with { Parallel = 64 }, links, window: window);

        Assert.All(done, link => Assert.Equal((FetchOutcomeKind.Kept, 1), (link!.Outcome.Kind, link.Tries)));
        Assert.Single(_world.Notices.OfType<NetworkLost>());
    }

    [Fact]
    public void Nothing_is_fetched_while_the_network_is_down()
    {
        (TimeSpan from, TimeSpan to) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(100));
        bool IsDown() => _world.Clock.Elapsed > from && _world.Clock.Elapsed < to;
        _world.Answer = (_, _, _) => (TimeSpan.FromMilliseconds(100), () => IsDown() ? NoAnswer : Kept);
        _world.Probe = _ => IsDown() ? ProbeAnswer.Silent : ProbeAnswer.Connected;

        _world.Run(_options, Links(10_000, hosts: 1000));

        Assert.InRange(_world.Tries.Count(t => t.At > from && t.At < to), 0, 512);
    }

    [Fact]
    public void Thirty_links_without_a_network_wait_for_it_and_are_fetched_then()
    {
        TimeSpan back = TimeSpan.FromSeconds(500);
        _world.Answer = (_, _, _) => (TimeSpan.FromMilliseconds(10), () => _world.Clock.Elapsed < back ? NoAnswer : Kept);
        _world.Probe = _ => _world.Clock.Elapsed < back ? ProbeAnswer.Silent : ProbeAnswer.Connected;

        DownloadedLink?[] done = _world.Run(_options, Links(30, hosts: 30));

        Assert.All(done, link => Assert.Equal((FetchOutcomeKind.Kept, 1), (link!.Outcome.Kind, link.Tries)));
        Assert.Equal(new NetworkLost(NetworkFault.Names, 30, Probed: 0), _world.Notices[0]);

        // The hosts of the links themselves are asked in turn: any of them may be dead.
        Assert.Equal(30, _world.Probes.Distinct().Count());
    }

    [Fact]
    public void Links_of_a_silent_host_do_not_wait_for_ever()
    {
        _world.Answer = (_, host, _) => (TimeSpan.FromSeconds(5), () => host.Name == "h0.example" ? NoAnswer : Kept);
        _world.Probe = host => host.Name == "h0.example" ? ProbeAnswer.Silent : ProbeAnswer.Connected;
        Link[] silent = Links(1000, hosts: 1);

        DownloadedLink?[] alone = _world.Run(_options, silent);

        Assert.All(alone, link => Assert.Equal((FetchOutcomeKind.Dns, 3), (link!.Outcome.Kind, link.Tries)));
        Assert.Equal([typeof(NetworkLost), typeof(HostsConfirmedDead)], _world.Notices.Select(notice => notice.GetType()).Take(2));
    }

    [Fact]
    public void A_host_named_by_the_user_tells_a_lying_resolver_from_a_dead_list()
    {
        var probe = new LinkHost("living.example", 443);
        TimeSpan back = TimeSpan.FromSeconds(50);
        _world.Answer = (_, _, _) => (TimeSpan.FromMilliseconds(10), () => _world.Clock.Elapsed < back ? NoSuchHost : Kept);
        _world.Probe = _ => _world.Clock.Elapsed < back ? ProbeAnswer.Denied : ProbeAnswer.Connected;

        DownloadedLink?[] done = _world.Run(_options with { Probe = probe }, Links(300, hosts: 30));

        Assert.All(done, link => Assert.Equal((FetchOutcomeKind.Kept, 1), (link!.Outcome.Kind, link.Tries)));
        Assert.Equal(probe, _world.Probes[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(3000)]
    public void A_list_that_is_truly_dead_ends(int links)
    {
        _world.Answer = (_, host, _) => (TimeSpan.FromMilliseconds(10), () => host.Name[^9] % 2 == 0 ? NoSuchHost : NoAnswer);
        _world.Probe = _ => ProbeAnswer.Silent;

        DownloadedLink?[] done = _world.Run(_options, Links(links, hosts: 200));

        Assert.All(done, link => Assert.Equal(FetchOutcomeKind.Dns, link!.Outcome.Kind));
        Assert.All(done, link => Assert.Equal(link!.Outcome.IsTransient ? 3 : 1, link.Tries));
        Assert.Empty(_world.Notices);
    }

    [Fact]
    public void A_dead_stretch_of_a_living_list_is_probed_once_in_500_links_and_believed()
    {
        _world.Answer = (link, host, _) => (TimeSpan.FromMilliseconds(50), () => host.Name.Length > 11 ? NoSuchHost : Kept);

        DownloadedLink?[] done = _world.Run(_options, Links(2000, hosts: 1000));

        Assert.Equal(1800, done.Count(link => link!.Outcome.Kind == FetchOutcomeKind.Dns));
        Assert.InRange(_world.Probes.Count, 1, 4 * CircuitState.MaxAnswered);
        Assert.Empty(_world.Notices);
    }

    [Fact]
    public void Silence_of_servers_that_were_connected_to_shows_nothing_of_the_network()
    {
        _world.Answer = (_, _, _) => (TimeSpan.FromMilliseconds(50), () => new FetchOutcome(FetchOutcomeKind.Timeout, "first byte", IsTransient: true));

        DownloadedLink?[] done = _world.Run(_options, Links(300, hosts: 300));

        Assert.All(done, link => Assert.Equal((FetchOutcomeKind.Timeout, 3), (link!.Outcome.Kind, link.Tries)));
        Assert.Empty(_world.Probes);
        Assert.Empty(_world.Notices);
    }

    [Fact]
    public void A_cancelled_link_ends_at_once_and_keeps_no_permit()
    {
        using var caller = new CancellationTokenSource();
        DownloadedLink?[] others = [];
        DownloadedLink?[] given = _world.Run(
            _options with { HostLimit = 2 },
            Links(10, hosts: 1),
            downloader =>
            {
                caller.Cancel();
                Task<DownloadedLink>[] later = [.. Links(10, hosts: 1).Select(link => downloader.FetchAsync(link, CancellationToken.None))];
                while (!later.All(call => call.IsCompleted))
                {
                    _world.Step();
                }

                others = [.. later.Select(call => call.Result)];
            },
            cancellation: caller.Token);

        Assert.All(given, Assert.Null);
        Assert.All(others, link => Assert.Equal(FetchOutcomeKind.Kept, link!.Outcome.Kind));
        Assert.Equal(2, _world.PeakInFlight.Values.Single());
    }

    [Fact]
    public void Dispose_fails_every_link_that_waits()
    {
        _world.Answer = (_, _, _) => (TimeSpan.FromMilliseconds(10), () => NoAnswer);
        _world.Probe = _ => ProbeAnswer.Silent;
        Task<DownloadedLink>[] calls = [];

        _world.Run(_options, [], downloader =>
        {
            calls = [.. Links(50, hosts: 50).Select(link => downloader.FetchAsync(link, CancellationToken.None))];
            while (_world.Notices.Count == 0)
            {
                _world.Step();
            }

            downloader.Dispose();
            _world.Step();
        });

        Assert.All(calls, call => Assert.True(call.IsFaulted));
    }

    internal static Link[] Links(int count, int hosts) => [.. Enumerable.Range(0, count).Select(i => Link.Of($"http://h{i % hosts}.example/{i}.jpg"))];
}
