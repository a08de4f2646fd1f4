using System.Net;
using System.Net.Sockets;
using System.Text;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Hostile.Serving;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class ConnectionOutcomeTests
{
    [Fact]
    public async Task A_port_where_nobody_listens_is_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string authority = listener.LocalEndpoint.ToString()!;
        listener.Stop();

        FetchOutcome outcome = await Fetches.FetchAsync($"http://{authority}/a.jpg");

        Assert.Equal(new FetchOutcome(FetchOutcomeKind.Connection, "refused", IsTransient: true), outcome);
    }

    [Fact]
    public async Task A_reset_is_connection()
    {
        await using var server = new RawServer(async (stream, stopping) =>
        {
            await RawServer.ReadRequestAsync(stream, stopping);
            stream.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        });

        FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg");

        Assert.Equal((FetchOutcomeKind.Connection, true), (outcome.Kind, outcome.IsTransient));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n12345")]
    public async Task An_answer_that_ends_early_is_connection(string answer)
    {
        await using RawServer server = RawServer.Answering(answer);

        FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg");

        Assert.Equal(new FetchOutcome(FetchOutcomeKind.Connection, "ended early", IsTransient: true), outcome);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "not HTTP")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n", "not HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "not HTTP")]
    public async Task What_is_not_HTTP_is_http_error(string answer, string detail)
    {
        await using RawServer server = RawServer.Answering(answer);

        FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg");

        Assert.Equal(new FetchOutcome(FetchOutcomeKind.HttpError, detail), outcome);
    }

    [Fact]
    public async Task A_chunk_whose_line_does_not_end_is_http_error()
    {
        await using RawServer server = RawServer.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + new string('x', 100_000));

        FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg");

        Assert.Equal(new FetchOutcome(FetchOutcomeKind.HttpError, "not HTTP"), outcome);
    }

    [Fact]
    public async Task Endless_headers_are_given_up()
    {
        await using var server = new RawServer(async (stream, stopping) =>
        {
            await RawServer.ReadRequestAsync(stream, stopping);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stopping);
            for (int i = 0; ; i++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-{i}: {new string('x', 1000)}\r\n"), stopping);
            }
        });

        FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg");

        Assert.Equal(new FetchOutcome(FetchOutcomeKind.HttpError, "headers too large"), outcome);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "no such host", false)]
    [InlineData(SocketError.NoData, "no address", false)]
    [InlineData(SocketError.TryAgain, "try again", true)]
    public async Task A_name_without_an_address_is_dns(SocketError error, string detail, bool isTransient)
    {
        var resolver = new Fetches.Resolver(_ => throw new SocketException((int)error));

        FetchOutcome outcome = await Fetches.FetchAsync("http://koala.example/a.jpg", resolver: resolver);

        Assert.Equal(new FetchOutcome(FetchOutcomeKind.Dns, detail, isTransient), outcome);
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, "no file descriptor is left on this machine")]
    [InlineData(SocketError.NoBufferSpaceAvailable, "no buffer or thread is left on this machine")]
    public async Task A_limit_of_this_machine_is_no_try_of_the_link(SocketError error, string detail)
    {
        var resolver = new Fetches.Resolver(_ => throw new SocketException((int)error));

        FetchOutcome outcome = await Fetches.FetchAsync("http://koala.example/a.jpg", resolver: resolver);

        Assert.Equal((detail, true, UncountedTry.MachineLimit), (outcome.Detail, outcome.IsTransient, outcome.Uncounted));
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, AddressFamily.InterNetworkV6, true)]
    [InlineData(SocketError.AddressNotAvailable, AddressFamily.InterNetwork, true)]
    [InlineData(SocketError.AddressNotAvailable, AddressFamily.InterNetworkV6, false)]
    [InlineData(SocketError.ConnectionRefused, AddressFamily.InterNetwork, false)]
    [InlineData(SocketError.NetworkUnreachable, AddressFamily.InterNetwork, false)]
    public void A_limit_of_this_machine_is_told_from_a_fault_of_the_host(SocketError error, AddressFamily family, bool isLimit) =>
        Assert.Equal(isLimit, MachineLimits.Of(error, family));

    [Fact]
    public async Task An_outcome_of_a_time_in_which_the_process_did_not_run_is_no_try_of_the_link()
    {
        var pauses = new FakeTimeProvider();
        await using var server = new RawServer(async (stream, stopping) =>
        {
            await RawServer.ReadRequestAsync(stream, stopping);
            pauses.Advance(TimeSpan.FromSeconds(5));
        });
        using var fetcher = new LinkFetcher(Fetches.Loopback, new TestPictures(), resolver: null, clock: null, _ => null, trust: null, pauses);

        FetchOutcome outcome = await fetcher.FetchAsync(Link.Of($"http://{server.Authority}/a.jpg"), CancellationToken.None);

        Assert.Equal((FetchOutcomeKind.Connection, UncountedTry.ProcessPaused), (outcome.Kind, outcome.Uncounted));
    }

    [Theory]
    [InlineData("caf\u00E9")]
    [InlineData("a\r\nX-Added: 1")]
    [InlineData(" ")]
    public void A_request_that_cannot_be_made_is_refused_before_any_link(string userAgent) =>
        Assert.Throws<ArgumentException>(() => new LinkFetcher(Fetches.Loopback with { UserAgent = userAgent }));

    [Fact]
    public async Task A_resolver_that_finds_nothing_is_dns()
    {
        FetchOutcome outcome = await Fetches.FetchAsync("http://koala.example/a.jpg", resolver: new Fetches.Resolver(_ => []));

        Assert.Equal(FetchOutcomeKind.Dns, outcome.Kind);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_does_not_answer()
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, TestPictures.Whole()));
        var resolver = new Fetches.Resolver(_ => [IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]);

        using FetchOutcome outcome = await Fetches.FetchAsync(web.Http.Replace("127.0.0.1", "koala.example") + "/a.jpg", resolver: resolver);

        Assert.Equal(FetchOutcomeKind.Kept, outcome.Kind);
    }

    [Fact]
    public async Task An_IPv4_address_inside_an_IPv6_one_is_connected_to()
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, TestPictures.Whole()));

        using FetchOutcome outcome = await Fetches.FetchAsync(web.Http.Replace("127.0.0.1", "[::ffff:127.0.0.1]") + "/a.jpg");

        Assert.Equal(FetchOutcomeKind.Kept, outcome.Kind);
    }

    [Fact]
    public async Task A_certificate_that_nobody_signed_is_tls()
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, TestPictures.Whole()));
        using LinkFetcher fetcher = Fetches.Fetcher(trustAll: false);

        FetchOutcome outcome = await fetcher.FetchAsync(Link.Of(web.Https + "/a.jpg"), CancellationToken.None);

        Assert.Equal((FetchOutcomeKind.Tls, false), (outcome.Kind, outcome.IsTransient));
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_tls()
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, TestPictures.Whole()));

        FetchOutcome outcome = await Fetches.FetchAsync(web.Http.Replace("http:", "https:") + "/a.jpg");

        Assert.Equal(FetchOutcomeKind.Tls, outcome.Kind);
    }

    [Fact]
    public async Task A_handshake_that_breaks_off_is_connection()
    {
        await using var server = new RawServer(async (stream, stopping) => await stream.ReadExactlyAsync(new byte[5], stopping));

        FetchOutcome outcome = await Fetches.FetchAsync($"https://{server.Authority}/a.jpg");

        Assert.Equal((FetchOutcomeKind.Connection, true), (outcome.Kind, outcome.IsTransient));
    }
}
