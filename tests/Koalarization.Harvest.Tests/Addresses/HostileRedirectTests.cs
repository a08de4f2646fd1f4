using System.Net;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Tests.Fetching;
using Koalarization.Hostile.Serving;

namespace Koalarization.Harvest.Tests.Addresses;

/// <summary>
/// Redirects from a public address to inside addresses. That is 127.0.0.1, which alone is taken for public here; the range of
/// every other address is reported as it is.
/// </summary>
public sealed class HostileRedirectTests
{
    [Fact]
    public async Task No_redirect_leads_to_an_address_that_is_not_of_the_open_web()
    {
        await using HostileWeb web = await HostileWeb.StartAsync();
        using LinkFetcher fetcher = Fetcher();

        foreach (HostileEndpoint endpoint in web.OpenRefusedRedirects())
        {
            FetchOutcome outcome = await fetcher.FetchAsync(Link.Of(endpoint.Url), CancellationToken.None);

            Assert.Equal(("address_refused", 1), (outcome.Kind.WireName(), outcome.Redirects));
            Assert.StartsWith(endpoint.Detail!, outcome.Detail, StringComparison.Ordinal);
            Assert.Equal(1, endpoint.Requests);
        }

        Assert.Equal(0, web.Strays);
    }

    [Theory]
    [InlineData("127.0.0.53", "loopback 127.0.0.53")]
    [InlineData("169.254.169.254", "metadata 169.254.169.254")]
    [InlineData("::1", "loopback ::1")]
    public async Task No_name_leads_there_either(string address, string detail)
    {
        await using RawServer server = RawServer.Answering("HTTP/1.1 302 Found\r\nLocation: http://inside.example/\r\n\r\n");
        using LinkFetcher fetcher = Fetcher(address);

        FetchOutcome outcome = await fetcher.FetchAsync(Link.Of($"http://{server.Authority}/a.jpg"), CancellationToken.None);

        Assert.Equal((FetchOutcomeKind.AddressRefused, detail, 1), (outcome.Kind, outcome.Detail, outcome.Redirects));
    }

    private static LinkFetcher Fetcher(string address = "127.0.0.1") => new(
        Fetches.Loopback,
        new TestPictures(),
        new Fetches.Resolver(_ => [IPAddress.Parse(address)]),
        clock: null,
        address => address.Equals(IPAddress.Loopback) ? null : AddressTable.RefusedRange(address),
        trust: null);
}
