using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Outages;
using Koalarization.Harvest.Tests.Fetching;

namespace Koalarization.Harvest.Tests.Outages;

/// <summary>The whole of it against servers on loopback, and a resolver that is not to be relied on.</summary>
public sealed class BrokenNetworkTests
{
    public enum Breakage
    {
        NoAnswer,
        TryAgain,
        NoSuchHost,
    }

    [Theory]
    [InlineData(Breakage.NoAnswer)]
    [InlineData(Breakage.TryAgain)]
    [InlineData(Breakage.NoSuchHost)]
    public async Task A_resolver_that_stops_in_the_middle_and_comes_back_costs_no_link(Breakage breakage)
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, TestPictures.Whole()));
        var resolver = new Unreliable(breakage) { LookupsUntilBreakage = 100 };

        // A look-up that hangs has to end; else there is time for a slow machine.
        FetchOptions fetching = breakage == Breakage.NoAnswer ? Fetches.Loopback with { ConnectTimeout = TimeSpan.FromSeconds(4) } : Fetches.Loopback;
        using LinkFetcher fetcher = Fetches.Fetcher(fetching, resolver);
        var notices = new ConcurrentQueue<OutageNotice>();
        using var downloader = new LinkDownloader(fetcher, new DownloadOptions { Parallel = 64 }, notice =>
        {
            notices.Enqueue(notice);
            if (notice is NetworkLost)
            {
                resolver.Repair();
            }
        });

        DownloadedLink[] done = await Task.WhenAll(Enumerable.Range(0, 600)
            .Select(i => Link.Of($"{web.Http.Replace("127.0.0.1", $"h{i}.example")}/{i}.jpg"))
            .Select(link => downloader.FetchAsync(link, CancellationToken.None)));

        Assert.All(done, link => Assert.Equal((FetchOutcomeKind.Kept, 1), (link.Outcome.Kind, link.Tries)));
        Assert.Equal([typeof(NetworkLost), typeof(NetworkBack)], notices.Select(notice => notice.GetType()));
        Assert.Equal(NetworkFault.Names, Assert.IsType<NetworkLost>(notices.First()).Fault);
        foreach (DownloadedLink link in done)
        {
            link.Dispose();
        }
    }

    [Fact]
    public async Task A_dead_list_ends_with_its_outcomes()
    {
        var resolver = new Fetches.Resolver(_ => throw new SocketException((int)SocketError.HostNotFound));
        using LinkFetcher fetcher = Fetches.Fetcher(Fetches.Loopback, resolver);
        using var downloader = new LinkDownloader(fetcher, new DownloadOptions());

        DownloadedLink[] done = await Task.WhenAll(LinkDownloaderTests.Links(500, hosts: 200).Select(link => downloader.FetchAsync(link, CancellationToken.None)));

        Assert.All(done, link => Assert.Equal((FetchOutcomeKind.Dns, "no such host", 1), (link.Outcome.Kind, link.Outcome.Detail, link.Tries)));
    }

    [Fact]
    public async Task A_look_up_that_hangs_is_dns_and_may_be_tried_again()
    {
        using LinkFetcher fetcher = Fetches.Fetcher(Fetches.Loopback with { ConnectTimeout = Fetches.Short }, new Unreliable(Breakage.NoAnswer));

        FetchOutcome outcome = await fetcher.FetchAsync(Link.Of("http://koala.example/"), CancellationToken.None);

        Assert.Equal(new FetchOutcome(FetchOutcomeKind.Dns, "no answer", IsTransient: true), outcome);
    }

    [Fact]
    public async Task A_probe_tells_a_connection_from_a_refusal_and_both_from_silence()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var resolver = new Fetches.Resolver(host => host switch
        {
            "there.example" => [IPAddress.Loopback],
            "no.example" => throw new SocketException((int)SocketError.HostNotFound),
            "private.example" => [IPAddress.Parse("192.0.2.1")],
            _ => throw new SocketException((int)SocketError.TryAgain),
        });
        using LinkFetcher fetcher = Fetches.Fetcher(Fetches.Loopback, resolver, refused: "192.0.2.1");
        ILinkFetcher web = fetcher;

        Assert.Equal(ProbeAnswer.Connected, await web.ProbeAsync(new LinkHost("there.example", port), default));
        Assert.Equal(ProbeAnswer.Denied, await web.ProbeAsync(new LinkHost("no.example", port), default));
        Assert.Equal(ProbeAnswer.Silent, await web.ProbeAsync(new LinkHost("later.example", port), default));
        Assert.Equal(ProbeAnswer.Silent, await web.ProbeAsync(new LinkHost("private.example", port), default));
        listener.Stop();
        Assert.Equal(ProbeAnswer.Denied, await web.ProbeAsync(new LinkHost("there.example", port), default));
    }

    /// <summary>Every name is this machine; from some look-up on it is broken, until it is repaired.</summary>
    private sealed class Unreliable(Breakage breakage) : IHostResolver
    {
        private int _lookups;
        private volatile bool _isRepaired;

        public int LookupsUntilBreakage { get; init; }

        public void Repair() => _isRepaired = true;

        public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _lookups) <= LookupsUntilBreakage || _isRepaired)
            {
                return [IPAddress.Loopback];
            }

            // A resolver that hangs does not look at the token either.
            return breakage switch
            {
                Breakage.NoAnswer => await new TaskCompletionSource<IReadOnlyList<IPAddress>>().Task,
                Breakage.TryAgain => throw new SocketException((int)SocketError.TryAgain),
                _ => throw new SocketException((int)SocketError.HostNotFound),
            };
        }
    }
}
