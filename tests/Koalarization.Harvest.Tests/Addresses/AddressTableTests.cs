using System.Net;
using FsCheck.Xunit;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Tests.Fetching;
using Koalarization.Hostile.Serving;

namespace Koalarization.Harvest.Tests.Addresses;

public sealed class AddressTableTests
{
    [Theory]
    [InlineData("0.0.0.0", "unspecified")]
    [InlineData("0.1.2.3", "this network")]
    [InlineData("10.0.0.1", "private")]
    [InlineData("100.64.0.1", "carrier-grade NAT")]
    [InlineData("100.127.255.255", "carrier-grade NAT")]
    [InlineData("100.100.100.200", "metadata")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("168.63.129.16", "metadata")]
    [InlineData("169.254.1.1", "link-local")]
    [InlineData("169.254.169.254", "metadata")]
    [InlineData("172.16.0.1", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.0.0.8", "reserved")]
    [InlineData("192.0.2.1", "documentation")]
    [InlineData("192.88.99.1", "reserved")]
    [InlineData("192.168.1.1", "private")]
    [InlineData("198.18.0.1", "benchmark")]
    [InlineData("198.19.255.255", "benchmark")]
    [InlineData("198.51.100.7", "documentation")]
    [InlineData("203.0.113.7", "documentation")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("255.255.255.255", "broadcast")]
    [InlineData("::", "unspecified")]
    [InlineData("::1", "loopback")]
    [InlineData("::7f00:1", "reserved")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:169.254.169.254", "metadata")]
    [InlineData("::ffff:0:127.0.0.1", "reserved")]
    [InlineData("64:ff9b::10.0.0.1", "private")]
    [InlineData("64:ff9b:1::1", "reserved")]
    [InlineData("100::1", "reserved")]
    [InlineData("2001::1", "reserved")]
    [InlineData("2001:db8::1", "documentation")]
    [InlineData("2002:7f00:1::", "loopback")]
    [InlineData("2002:a9fe:a9fe::1", "metadata")]
    [InlineData("3fff::1", "documentation")]
    [InlineData("4000::1", "reserved")]
    [InlineData("5f00::1", "reserved")]
    [InlineData("fc00::1", "private")]
    [InlineData("fd00:ec2::254", "metadata")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%1", "link-local")]
    [InlineData("fec0::1", "private")]
    [InlineData("ff02::1", "multicast")]
    public void What_is_not_the_open_web_is_refused(string address, string range) =>
        Assert.Equal(range, AddressTable.RefusedRange(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2002:808:808::1")]
    public void The_open_web_is_not(string address) => Assert.Null(AddressTable.RefusedRange(IPAddress.Parse(address)));

    [Property]
    public void An_address_inside_another_is_judged_as_itself(uint v4)
    {
        var plain = new IPAddress(v4);
        byte[] bytes = plain.GetAddressBytes();

        Assert.Equal(AddressTable.RefusedRange(plain), AddressTable.RefusedRange(plain.MapToIPv6()));
        Assert.Equal(AddressTable.RefusedRange(plain), AddressTable.RefusedRange(new IPAddress([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, .. bytes])));
        Assert.Equal(AddressTable.RefusedRange(plain), AddressTable.RefusedRange(new IPAddress([0x20, 0x02, .. bytes, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/", "loopback 127.0.0.1")]
    [InlineData("http://2130706433:9/", "loopback 127.0.0.1")]
    [InlineData("http://0x7f.1:9/", "loopback 127.0.0.1")]
    [InlineData("http://[::1]:9/", "loopback ::1")]
    [InlineData("http://[::ffff:10.1.2.3]:9/", "private ::ffff:10.1.2.3")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "metadata 169.254.169.254")]
    [InlineData("http://localhost:9/", "loopback")]
    public async Task An_address_in_a_link_is_refused(string url, string detail)
    {
        FetchOutcome outcome = await Fetches.FetchAsync(url, Fetches.Loopback with { AllowPrivate = false });

        Assert.Equal((FetchOutcomeKind.AddressRefused, false), (outcome.Kind, outcome.IsTransient));
        Assert.StartsWith(detail, outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_refused_after_DNS_and_asked_nothing()
    {
        await using var server = new RawServer((_, _) => Task.CompletedTask);
        var resolver = new Fetches.Resolver(_ => [IPAddress.Loopback, IPAddress.Parse("10.0.0.1")]);
        string url = $"http://koala.example:{server.Authority.Split(':')[1]}/a.jpg";

        FetchOutcome outcome = await Fetches.FetchAsync(url, Fetches.Loopback with { AllowPrivate = false }, resolver);

        Assert.Equal(new FetchOutcome(FetchOutcomeKind.AddressRefused, "loopback 127.0.0.1"), outcome);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_fetcher_with_other_limits_allows_what_they_allow_and_the_first_one_refuses_it_still()
    {
        await using var server = new RawServer(async (stream, stopping) =>
        {
            await RawServer.ReadRequestAsync(stream, stopping);
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stopping);
        });
        var link = Link.Of($"http://{server.Authority}/a.jpg");
        using var own = new LinkFetcher(Fetches.Loopback with { AllowPrivate = false });
        ILinkFetcher allowing = ((ILinkFetcher)own).With(options => options with { AllowPrivate = true });
        using var disposable = (LinkFetcher)allowing;

        Assert.Equal(FetchOutcomeKind.NotFound, (await allowing.FetchAsync(link, CancellationToken.None)).Kind);
        Assert.Equal(FetchOutcomeKind.AddressRefused, (await own.FetchAsync(link, CancellationToken.None)).Kind);
        Assert.True(LinkHost.TryParse(link.Url, out LinkHost host));
        Assert.Equal(ProbeAnswer.Connected, await ((ILinkFetcher)own).ProbeAsync(host, CancellationToken.None));
    }

    [Fact]
    public void Only_the_open_addresses_of_a_name_are_tried()
    {
        var dialer = new Dialer(new SystemResolver(), AddressTable.RefusedRange, TimeSpan.FromSeconds(1));

        Assert.Equal([IPAddress.Parse("8.8.8.8")], dialer.Allowed([IPAddress.Loopback, IPAddress.Parse("8.8.8.8")]));
    }
}
