using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Tests.Hosts;

public sealed class LinkHostTests
{
    [Theory]
    [InlineData("http://A.Example/1.jpg", "a.example:80")]
    [InlineData("https://a.example/", "a.example:443")]
    [InlineData("http://user:word@a.example:8080/x", "a.example:8080")]
    [InlineData("http://BÜCHER.example/x", "xn--bcher-kva.example:80")]
    [InlineData("http://127.0.0.1:5000/", "127.0.0.1:5000")]
    [InlineData("http://[::1]:5000/", "[::1]:5000")]
    public void Links_of_one_host_have_one_name(string url, string host)
    {
        Assert.True(LinkHost.TryParse(url, out LinkHost parsed));
        Assert.Equal(host, parsed.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("ftp://a.example/")]
    [InlineData("http://a b/")]
    public void What_no_request_can_be_made_of_has_no_host(string? url) => Assert.False(LinkHost.TryParse(url, out _));

    [Theory]
    [InlineData("http://localhost/", true, false)]
    [InlineData("http://a.localhost/", true, false)]
    [InlineData("http://127.9.9.9/", true, true)]
    [InlineData("http://[::1]/", true, true)]
    [InlineData("http://192.0.2.1/", false, true)]
    [InlineData("http://notlocalhost/", false, false)]
    public void This_machine_is_known_by_name_and_by_address(string url, bool isLoopback, bool isAddress)
    {
        Assert.True(LinkHost.TryParse(url, out LinkHost host));
        Assert.Equal((isLoopback, isAddress), (host.IsLoopback, host.IsAddress));
    }
}
