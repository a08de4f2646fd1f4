using System.Net;
using System.Net.Sockets;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Outages;
using Koalarization.Harvest.Proxies;
using Koalarization.Harvest.Tests.Fetching;
using Koalarization.Hostile.Serving;

namespace Koalarization.Harvest.Tests.Proxies;

public sealed class ProxyFetchTests : IAsyncLifetime
{
    // No resolver knows the hosts of these tests, as behind a proxy.
    private static readonly Fetches.Resolver NoNames = new(_ => throw new SocketException((int)SocketError.HostNotFound));

    private TestWeb _web = null!;

    private string Picture => $"http://pictures.test:{new Uri(_web.Http).Port}/a.jpg";

    private string SecurePicture => $"https://pictures.test:{new Uri(_web.Https).Port}/a.jpg";

    public async Task InitializeAsync() => _web = await TestWeb.StartAsync(context => context.Response.Body.WriteAsync(TestPictures.Whole()).AsTask());

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task A_link_goes_to_an_HTTP_proxy_with_its_whole_URL_and_an_https_link_through_a_tunnel()
    {
        await using var proxy = new TestProxy();

        Assert.Equal(FetchOutcomeKind.Kept, (await FetchAsync(Picture, $"http://us%65r:p@{proxy.Authority}")).Kind);
        Assert.Equal(FetchOutcomeKind.Kept, (await FetchAsync(SecurePicture, $"http://us%65r:p@{proxy.Authority}")).Kind);

        string credentials = "Proxy-Authorization: Basic " + Convert.ToBase64String("user:p"u8);
        string[] heads = [.. proxy.Asked];
        Assert.Equal(2, heads.Length);
        Assert.StartsWith($"GET {Picture} HTTP/1.1\r\n", heads[0], StringComparison.Ordinal);
        Assert.StartsWith($"CONNECT pictures.test:{new Uri(_web.Https).Port} HTTP/1.1\r\n", heads[1], StringComparison.Ordinal);
        Assert.All(heads, head => Assert.Contains(credentials, head, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("socks5h://", "pictures.test")]
    [InlineData("socks5://", "127.0.0.2")]
    public async Task A_SOCKS_proxy_gets_the_name_or_the_address_that_was_judged(string scheme, string host)
    {
        await using var proxy = new TestProxy();
        var names = new Fetches.Resolver(_ => [IPAddress.Parse("127.0.0.2")]);

        FetchOutcome outcome = await FetchAsync(SecurePicture, $"{scheme}u:p@{proxy.Authority}", resolver: names);

        Assert.Equal(FetchOutcomeKind.Kept, outcome.Kind);
        Assert.Equal(["u:p", $"SOCKS {host}:{new Uri(_web.Https).Port}"], proxy.Asked);
    }

    [Theory]
    [InlineData("http://127.0.0.1/a.jpg", "loopback 127.0.0.1")]
    [InlineData("http://0x7f.1/a.jpg", "loopback 127.0.0.1")]
    [InlineData("http://127.0.0.1./a.jpg", "loopback 127.0.0.1")]
    [InlineData("http://a.localhost./a.jpg", "loopback 127.0.0.1")]
    [InlineData("https://[::1]/a.jpg", "loopback ::1")]
    [InlineData("http://private.test/a.jpg", "private 10.0.0.1")]
    [InlineData("https://private.test/a.jpg", "private 10.0.0.1")]
    public async Task A_private_address_is_refused_before_a_proxy_is_asked(string url, string detail)
    {
        await using var proxy = new TestProxy();
        var names = new Fetches.Resolver(_ => [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.1")]);

        FetchOutcome outcome = await FetchAsync(url, $"http://{proxy.Authority}", resolver: names, allowPrivate: false);

        Assert.Equal((FetchOutcomeKind.AddressRefused, detail), (outcome.Kind, outcome.Detail));
        Assert.Empty(proxy.Asked);
    }

    [Fact]
    public async Task A_name_that_cannot_be_looked_up_here_is_left_to_the_proxy()
    {
        await using var proxy = new TestProxy();

        Assert.Equal(FetchOutcomeKind.Kept, (await FetchAsync(Picture, $"http://{proxy.Authority}", allowPrivate: false)).Kind);
    }

    [Fact]
    public async Task A_redirect_to_a_private_address_is_refused_behind_a_proxy()
    {
        await using var proxy = new TestProxy(head => head.StartsWith("GET http://a.test/ ", StringComparison.Ordinal)
            ? "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n"
            : null);

        FetchOutcome outcome = await FetchAsync("http://a.test/", $"http://{proxy.Authority}", allowPrivate: false);

        Assert.Equal((FetchOutcomeKind.AddressRefused, 1), (outcome.Kind, proxy.Asked.Count));
    }

    // Not charged: the proxy is at fault, whatever the link. A denial is the outage rule's: other links may pass.
    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "asks for a name and a password", UncountedTry.Proxy)]
    [InlineData("HTTP/1.1 401 Unauthorized\r\n\r\n", "refuses the name and the password", UncountedTry.Proxy)]
    [InlineData("", "closes connections without an answer", UncountedTry.Proxy)]
    [InlineData("SSH-2.0-x\r\n\r\n", "does not speak HTTP", UncountedTry.Proxy)]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", "the proxy refuses the host (403)", null)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n\r\n", "the proxy does not reach the host (503)", null)]
    public async Task A_tunnel_that_is_not_opened_is_told_from_a_proxy_that_does_not_work(string answer, string detail, UncountedTry? uncounted)
    {
        await using var proxy = new TestProxy(_ => answer);

        FetchOutcome outcome = await FetchAsync(SecurePicture, $"http://u:hidden@{proxy.Authority}".Replace("u:hidden@", answer.Contains("407", StringComparison.Ordinal) ? "" : "u:hidden@", StringComparison.Ordinal));

        Assert.Equal((FetchOutcomeKind.Connection, uncounted), (outcome.Kind, outcome.Uncounted));
        Assert.EndsWith(detail, outcome.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", outcome.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("407 Proxy Authentication Required", "", FetchOutcomeKind.Connection, UncountedTry.Proxy)]
    [InlineData("503 Service Unavailable", "X-Squid-Error: ERR_DNS_FAIL 0\r\n", FetchOutcomeKind.Connection, null)]
    [InlineData("401 Unauthorized", "Server: tinyproxy/1.11.1\r\nWWW-Authenticate: Basic realm=\"Tinyproxy\"\r\n", FetchOutcomeKind.Connection, UncountedTry.Proxy)]
    [InlineData("500 Unable to connect", "Server: tinyproxy/1.11.1\r\n", FetchOutcomeKind.Connection, null)]
    [InlineData("401 Unauthorized", "WWW-Authenticate: Basic\r\n", FetchOutcomeKind.Forbidden, null)]
    [InlineData("502 Bad Gateway", "Proxy-Status: cache; error=connection_refused\r\n", FetchOutcomeKind.Connection, null)]
    [InlineData("503 Service Unavailable", "", FetchOutcomeKind.ServerError, null)]
    [InlineData("404 Not Found", "Proxy-Status: cache; received-status=404\r\n", FetchOutcomeKind.NotFound, null)]
    public async Task An_answer_of_the_proxys_own_is_told_from_the_hosts(string status, string header, FetchOutcomeKind kind, UncountedTry? uncounted)
    {
        await using var proxy = new TestProxy(_ => $"HTTP/1.1 {status}\r\n{header}Content-Length: 0\r\n\r\n");

        FetchOutcome outcome = await FetchAsync(Picture, $"http://{proxy.Authority}");

        Assert.Equal((kind, uncounted), (outcome.Kind, outcome.Uncounted));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_proxy_that_is_down_is_charged_to_no_link(string scheme)
    {
        string closed;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            closed = listener.LocalEndpoint.ToString()!;
        }

        FetchOutcome outcome = await FetchAsync($"{scheme}://pictures.test/a.jpg", $"http://u:hidden@{closed}");

        Assert.Equal((FetchOutcomeKind.Connection, UncountedTry.Proxy, $"the proxy http://{closed} refuses connections"), (outcome.Kind, outcome.Uncounted, outcome.Detail));
    }

    [Fact]
    public async Task A_proxy_that_is_down_and_comes_back_costs_a_link_no_try()
    {
        bool isDown = true;
        await using var proxy = new TestProxy(_ => isDown ? "HTTP/1.1 407 No\r\n\r\n" : null);
        var notices = new List<OutageNotice>();
        using LinkFetcher fetcher = Fetcher($"http://{proxy.Authority}", NoNames, allowPrivate: true);
        using var downloader = new LinkDownloader(fetcher, new DownloadOptions { Retry = new RetryOptions { MaxTries = 1 } }, notice =>
        {
            notices.Add(notice);
            isDown = false;
        });

        using DownloadedLink link = await downloader.FetchAsync(Link.Of(SecurePicture), CancellationToken.None);

        Assert.Equal((FetchOutcomeKind.Kept, 1), (link.Outcome.Kind, link.Tries));
        Assert.IsType<ProxyFailed>(Assert.Single(notices));
    }

    [Theory]
    [InlineData("pictures.test:443", "CONNECT pictures.test:443", null, ProbeAnswer.Silent)]
    [InlineData("pictures.test:443", "CONNECT pictures.test:443", "HTTP/1.1 200 OK\r\n\r\n", ProbeAnswer.Connected)]
    [InlineData("pictures.test:443", "CONNECT pictures.test:443", "HTTP/1.1 403 No\r\n\r\n", ProbeAnswer.Denied)]
    [InlineData("pictures.test:80", "HEAD http://pictures.test:80/", "HTTP/1.1 404 Not Found\r\n\r\n", ProbeAnswer.Connected)]
    [InlineData("pictures.test:80", "HEAD http://pictures.test:80/", "HTTP/1.1 503 No\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n\r\n", ProbeAnswer.Silent)]
    public async Task Hosts_are_probed_through_the_proxy(string host, string request, string? answer, object expected)
    {
        await using var proxy = new TestProxy(_ => answer ?? "");
        using LinkFetcher fetcher = Fetcher($"http://{proxy.Authority}", NoNames, allowPrivate: true);
        Assert.True(LinkHost.TryReadText(host, out LinkHost probed));

        Assert.Equal(expected, await ((ILinkFetcher)fetcher).ProbeAsync(probed, CancellationToken.None));

        Assert.StartsWith(request + " ", Assert.Single(proxy.Asked), StringComparison.Ordinal);
    }

    private static async Task<FetchOutcome> FetchAsync(string url, string proxy, IHostResolver? resolver = null, bool allowPrivate = true)
    {
        using LinkFetcher fetcher = Fetcher(proxy, resolver ?? NoNames, allowPrivate);
        FetchOutcome outcome = await fetcher.FetchAsync(Link.Of(url), CancellationToken.None);
        outcome.Dispose();
        return outcome;
    }

#pragma warning disable CA5359 // Loopback, and the point is not the certificate.
    private static LinkFetcher Fetcher(string proxy, IHostResolver resolver, bool allowPrivate) => new(
        Fetches.Loopback with { AllowPrivate = allowPrivate, Proxies = ProxySettings.Read(proxy, "--proxy", _ => null) },
        new TestPictures(),
        resolver,
        clock: null,
        allowPrivate ? _ => null : AddressTable.RefusedRange,
        (_, _, _, _) => true);
#pragma warning restore CA5359
}
