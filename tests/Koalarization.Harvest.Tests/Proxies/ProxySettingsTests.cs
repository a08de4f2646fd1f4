using Koalarization.Harvest.Proxies;

namespace Koalarization.Harvest.Tests.Proxies;

/// <summary>What curl does (its manual, "PROXY PROTOCOL PREFIXES" and "ENVIRONMENT").</summary>
public sealed class ProxySettingsTests
{
    [Theory]
    [InlineData("proxy.test:3128", ProxyKind.Http, "http://proxy.test:3128")]
    [InlineData("http://proxy.test", ProxyKind.Http, "http://proxy.test:1080")]
    [InlineData("HTTP://Proxy.Test:80/", ProxyKind.Http, "http://proxy.test:80")]
    [InlineData("https://proxy.test", ProxyKind.Https, "https://proxy.test:443")]
    [InlineData("socks5://127.0.0.1", ProxyKind.Socks5, "socks5://127.0.0.1:1080")]
    [InlineData("socks5h://[::1]:9050", ProxyKind.Socks5Names, "socks5h://[::1]:9050")]
    [InlineData("http://user:se%40cret@proxy.test:8080", ProxyKind.Http, "http://proxy.test:8080")]
    [InlineData("user:secret@proxy.test", ProxyKind.Http, "http://proxy.test:1080")]
    public void A_proxy_is_read_and_shown_without_its_credentials(string text, ProxyKind kind, string shown)
    {
        ProxyAddress proxy = ProxyAddress.TryParse(text, out _)!;

        Assert.Equal((kind, shown), (proxy.Kind, $"{proxy}"));
    }

    [Theory]
    [InlineData("ftp://proxy.test", "ftp://")]
    [InlineData("socks4://proxy.test", "socks4://")]
    [InlineData("http://", "no host")]
    [InlineData("http://proxy.test:99999", "'proxy.test:99999'")]
    [InlineData("http://user:sec#ret@proxy.test:3128", "%23")]
    public void What_is_no_proxy_is_refused_without_its_credentials(string text, string part)
    {
        FormatException refused = Assert.Throws<FormatException>(() => ProxySettings.Read(text, "--proxy", _ => null));

        Assert.Contains("--proxy is no proxy", refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sec", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http_proxy=a:1", "http://a:1 -")]
    [InlineData("HTTP_PROXY=a:1", "- -")]
    [InlineData("https_proxy=a:1", "- http://a:1")]
    [InlineData("HTTPS_PROXY=a:1", "- http://a:1")]
    [InlineData("https_proxy=a:1 HTTPS_PROXY=b:1", "- http://a:1")]
    [InlineData("all_proxy=a:1", "http://a:1 http://a:1")]
    [InlineData("ALL_PROXY=a:1 https_proxy=b:1", "http://a:1 http://b:1")]
    [InlineData("http_proxy= all_proxy=", "- -")]
    [InlineData("all_proxy=a:1 no_proxy=*", "- -")]
    [InlineData("all_proxy=a:1 no_proxy=x.test", "- -")]
    [InlineData("all_proxy=a:1 NO_PROXY=.x.test", "- -")]
    [InlineData("all_proxy=a:1 no_proxy=y.test", "http://a:1 http://a:1")]
    [InlineData("all_proxy=a:1 --proxy=b:1", "http://b:1 http://b:1")]
    [InlineData("all_proxy=a:1 --proxy=", "- -")]
    [InlineData("--proxy=b:1 no_proxy=x.test", "- -")]
    public void Variables_and_the_option_are_taken_as_curl_takes_them(string environment, string expected)
    {
        Dictionary<string, string> set = environment.Split(' ').Select(entry => entry.Split('=', 2)).ToDictionary(entry => entry[0], entry => entry[1]);

        var settings = ProxySettings.Read(set.GetValueOrDefault("--proxy"), "--proxy", set.GetValueOrDefault);

        Assert.Equal(expected, $"{settings.Of("http", "x.test")?.ToString() ?? "-"} {settings.Of("https", "x.test")?.ToString() ?? "-"}");
    }

    [Theory]
    [InlineData("x.test", "x.test", true)]
    [InlineData("x.test", "a.x.test", true)]
    [InlineData("x.test", "ax.test", false)]
    [InlineData(".x.test", "x.test", true)]
    [InlineData("X.Test.", "x.test", true)]
    [InlineData("x.test", "x.test.", true)]
    [InlineData("a, x.test", "x.test", true)]
    [InlineData("a x.test", "x.test", true)]
    [InlineData("*,x", "y", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.10", false)]
    [InlineData("10.0.0.0/8", "10.2.3.4", true)]
    [InlineData("10.0.0.0/8", "11.2.3.4", false)]
    [InlineData("192.168.0.0/33", "192.168.0.0", false)]
    [InlineData("[::1]", "::1", true)]
    [InlineData("fe80::/10", "fe80::1", true)]
    [InlineData("0.0.1", "127.0.0.1", false)]
    [InlineData("", "x", false)]
    public void Hosts_without_a_proxy_are_found_as_by_curl(string list, string host, bool contains) =>
        Assert.Equal(contains, new NoProxyList(list).Contains(host));
}
