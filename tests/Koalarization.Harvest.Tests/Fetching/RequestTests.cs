using System.Net;
using System.Text;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Hostile.Serving;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class RequestTests
{
    [Theory]
    [InlineData("/a/../b//c%7e%2F%zz|x\\y")]
    [InlineData("/x?a=b%20c&d=[1]{2}")]
    public async Task The_target_goes_out_as_written(string target)
    {
        string request = "";
        await using var server = new RawServer(async (stream, stopping) =>
        {
            request = await RawServer.ReadRequestAsync(stream, stopping);
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stopping);
        });

        await Fetches.FetchAsync($"http://{server.Authority}{target}#fragment");

        Assert.StartsWith($"GET {target} HTTP/1.1\r\nHost: {server.Authority}\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_sent_that_was_not_decided_here()
    {
        await using TestWeb web = await TestWeb.StartAsync(context =>
        {
            context.Response.Cookies.Append("koala", "1");
            return TestWeb.SendAsync(context, TestPictures.Whole());
        });
        using var activity = new System.Diagnostics.Activity("traced");
        activity.Start();
        using LinkFetcher fetcher = Fetches.Fetcher();

        for (int i = 0; i < 2; i++)
        {
            (await fetcher.FetchAsync(Link.Of(web.Http + "/a.jpg"), CancellationToken.None)).Dispose();
        }

        Assert.Equal(2, web.Requests.Count);
        Assert.All(web.Requests, request => Assert.Equal(["Accept", "Accept-Encoding", "Host", "User-Agent"], request.Headers.Keys.Order()));
        Assert.All(web.Requests, request => Assert.Equal(FetchOptions.DefaultUserAgent, request.Headers["User-Agent"]));
    }

    [Fact]
    public async Task Http2_is_spoken_where_it_is_offered()
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, TestPictures.Whole()));

        using FetchOutcome secure = await Fetches.FetchAsync(web.Https + "/a.jpg");
        using FetchOutcome plain = await Fetches.FetchAsync(web.Http + "/a.jpg");

        Assert.Equal((FetchOutcomeKind.Kept, FetchOutcomeKind.Kept), (secure.Kind, plain.Kind));
        Assert.Equal(["HTTP/2", "HTTP/1.1"], web.Requests.Select(request => request.Protocol));
    }

    [Fact]
    public async Task A_connection_is_used_again()
    {
        await using var server = new RawServer(async (stream, stopping) =>
        {
            while ((await RawServer.ReadRequestAsync(stream, stopping)).Length > 0)
            {
                await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"u8.ToArray(), stopping);
            }
        });
        using LinkFetcher fetcher = Fetches.Fetcher();

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(FetchOutcomeKind.NotFound, (await fetcher.FetchAsync(Link.Of($"http://{server.Authority}/{i}"), CancellationToken.None)).Kind);
        }

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Credentials_of_a_link_go_to_its_host_and_no_further()
    {
        await using TestWeb other = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, TestPictures.Whole()));
        await using TestWeb web = await TestWeb.StartAsync(context =>
        {
            context.Response.Redirect(context.Request.Path == "/a.jpg" ? "/b.jpg" : other.Http + "/c.jpg");
            return Task.CompletedTask;
        });

        using FetchOutcome outcome = await Fetches.FetchAsync(web.Http.Replace("//", "//koala:p%C3%A9%3Ass@") + "/a.jpg");

        Assert.Equal((FetchOutcomeKind.Kept, 2), (outcome.Kind, outcome.Redirects));
        string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("koala:pé:ss"));
        Assert.All(web.Requests, request => Assert.Equal(basic, request.Headers["Authorization"]));
        Assert.DoesNotContain("Authorization", other.Requests.Single().Headers.Keys);
    }

    [Fact]
    public async Task A_host_of_other_letters_is_asked_for_in_ASCII()
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, TestPictures.Whole()));
        string looked = "";
        var resolver = new Fetches.Resolver(host =>
        {
            looked = host;
            return [IPAddress.Loopback];
        });

        using FetchOutcome outcome = await Fetches.FetchAsync(web.Http.Replace("127.0.0.1", "bücher.example") + "/é.jpg", resolver: resolver);

        Assert.Equal("xn--bcher-kva.example", looked);
        Assert.Equal("/%C3%A9.jpg", web.Requests.Single().Target);
        Assert.StartsWith("xn--bcher-kva.example:", web.Requests.Single().Headers["Host"], StringComparison.Ordinal);
    }
}
