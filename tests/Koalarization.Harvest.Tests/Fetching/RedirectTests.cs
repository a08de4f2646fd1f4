using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class RedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_followed(int status)
    {
        await using TestWeb web = await WebAsync(path => path == "/a" ? (status, "/b") : (200, null));

        using FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a");

        Assert.Equal((FetchOutcomeKind.Kept, 1), (outcome.Kind, outcome.Redirects));
    }

    [Theory]
    [InlineData(5, FetchOutcomeKind.Kept)]
    [InlineData(6, FetchOutcomeKind.Redirects)]
    public async Task Five_are_followed_and_no_more(int redirects, FetchOutcomeKind kind)
    {
        await using TestWeb web = await WebAsync(path => int.Parse(path[1..]) is var n and > 0 ? (302, $"/{n - 1}") : (200, null));

        using FetchOutcome outcome = await Fetches.FetchAsync($"{web.Http}/{redirects}");

        Assert.Equal((kind, 5), (outcome.Kind, outcome.Redirects));
        Assert.Equal(6, web.Requests.Count);
    }

    [Theory]
    [InlineData("/b", "a loop")]
    [InlineData("/a#again", "a loop")]
    [InlineData("ftp://a.example/x", "to scheme ftp")]
    [InlineData("data:image/jpeg;base64,xx", "to scheme data")]
    [InlineData("http://", "to no host")]
    [InlineData(null, "302 without a Location")]
    public async Task A_redirect_that_leads_nowhere_is_redirects(string? location, string detail)
    {
        await using TestWeb web = await WebAsync(_ => (302, location));

        FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a");

        Assert.Equal((FetchOutcomeKind.Redirects, detail, false), (outcome.Kind, outcome.Detail, outcome.IsTransient));
    }

    [Fact]
    public async Task Each_hop_is_judged_by_its_address()
    {
        await using TestWeb web = await WebAsync(path => (302, $"http://127.0.0.2:1{path}"));
        using LinkFetcher fetcher = Fetches.Fetcher(refused: "127.0.0.2");

        FetchOutcome outcome = await fetcher.FetchAsync(Link.Of(web.Http + "/a.jpg"), CancellationToken.None);

        Assert.Equal((FetchOutcomeKind.AddressRefused, 1), (outcome.Kind, outcome.Redirects));
    }

    [Fact]
    public async Task From_https_to_http_and_back_is_followed()
    {
        TestWeb? web = null;
        await using TestWeb started = await WebAsync(path => path switch
        {
            "/a" => (302, web!.Http + "/b"),
            "/b" => (302, web!.Https + "/c"),
            _ => (200, null),
        });
        web = started;

        using FetchOutcome outcome = await Fetches.FetchAsync(web.Https + "/a");

        Assert.Equal((FetchOutcomeKind.Kept, 2), (outcome.Kind, outcome.Redirects));
    }

    private static Task<TestWeb> WebAsync(Func<string, (int Status, string? Location)> answer) => TestWeb.StartAsync(async context =>
    {
        (int status, string? location) = answer(context.Request.Path);
        context.Response.StatusCode = status;
        if (location is not null)
        {
            context.Response.Headers.Location = location;
        }
        else if (status == 200)
        {
            await TestWeb.SendAsync(context, TestPictures.Whole());
        }
    });
}
