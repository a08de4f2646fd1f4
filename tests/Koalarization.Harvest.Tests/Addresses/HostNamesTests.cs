using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Tests.Addresses;

public sealed class HostNamesTests
{
    // What curl (libidn2) and Chromium look up.
    [Theory]
    [InlineData("bu\u0308cher.example", "xn--bcher-kva.example")]
    [InlineData("B\u00DCCHER.example", "xn--bcher-kva.example")]
    [InlineData("BU\u0308CHER.example", "xn--bcher-kva.example")]
    [InlineData("\uFF45\uFF58\uFF41\uFF4D\uFF50\uFF4C\uFF45.\uFF23\uFF2F\uFF2D", "example.com")]
    [InlineData("example\u3002com", "example.com")]
    [InlineData("example\uFF0Ecom", "example.com")]
    [InlineData("exam\u00ADple\u200B.com", "example.com")]
    [InlineData("\uFB01sh.example", "fish.example")]
    [InlineData("vie\u0323\u0302t.example", "xn--vit-5kz.example")]
    [InlineData("\u1112\u1161\u11AB.example", "xn--6q8b.example")]
    [InlineData("\u304B\u3099.example", "xn--v8j.example")]
    [InlineData("\uFF76\uFF9E.example", "xn--mck.example")]
    [InlineData("stra\u00DFe.example", "xn--strae-oqa.example")]
    [InlineData("EXAMPLE.com", "example.com")]
    [InlineData("a_b.example", "a_b.example")]
    public void A_host_is_mapped_before_it_is_looked_up(string written, string looked)
    {
        Assert.True(LinkHost.TryParse($"http://{written}/a.jpg", out LinkHost host));
        Assert.Equal(looked, host.Name);
    }

    [Theory]
    [InlineData("evil.example\uFF0Fa.example")]
    [InlineData("user\uFF20evil.example")]
    [InlineData("evil.example\uFF1A80")]
    [InlineData("evil.example\uFF03a.example")]
    public void A_full_width_delimiter_makes_no_other_host(string written) =>
        Assert.False(LinkHost.TryParse($"http://{written}/a.jpg", out _));

    [Fact]
    public void A_full_width_address_is_an_address()
    {
        Assert.True(LinkHost.TryParse("http://\uFF11\uFF12\uFF17.\uFF10.\uFF10.\uFF11/a.jpg", out LinkHost host));
        Assert.Equal(("127.0.0.1", true), (host.Name, host.IsLoopback));
    }
}
