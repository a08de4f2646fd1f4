using FsCheck;
using FsCheck.Xunit;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class RequestUrlTests
{
    [Theory]
    [InlineData("http://a.example", "/")]
    [InlineData("http://a.example?x=1", "/?x=1")]
    [InlineData("http://a.example/x#frag", "/x")]
    [InlineData("http://a.example/x?q#frag?no", "/x?q")]
    [InlineData("http://a.example/a/../b/./c//d", "/a/../b/./c//d")]
    [InlineData("http://a.example/%7euser/%2F%20%C3%A9%zz%", "/%7euser/%2F%20%C3%A9%zz%")]
    [InlineData("http://a.example/a\\b|c^d`e{f}\"<g>'", "/a\\b|c^d`e{f}\"<g>'")]
    [InlineData("http://a.example/ünï code/\u0001", "/%C3%BCn%C3%AF%20code/%01")]
    [InlineData("http://a.example/a@b:80/c", "/a@b:80/c")]
    [InlineData("http://a.example/x?url=http://b.example/../y", "/x?url=http://b.example/../y")]
    public void Path_and_query_stay_as_they_are_written(string text, string target)
    {
        RequestUrl url = Parse(text);

        Assert.Equal(target, url.PathAndQuery);
        Assert.Equal(target, url.Uri.PathAndQuery);
        Assert.Equal("a.example", url.Uri.IdnHost);
    }

    [Theory]
    [InlineData("HTTPS://A.Example:8443/x", "https", "a.example", 8443)]
    [InlineData("http://a.example:/x", "http", "a.example", 80)]
    [InlineData("http://user:p%40ss@a.example/x", "http", "a.example", 80)]
    [InlineData("http://a@b@a.example/x", "http", "a.example", 80)]
    [InlineData("http://[::1]:81/x", "http", "::1", 81)]
    [InlineData("http://bücher.example/x", "http", "xn--bcher-kva.example", 80)]
    [InlineData("http://BÜCHER.example/x", "http", "xn--bcher-kva.example", 80)]
    [InlineData("http://a_b.example./x", "http", "a_b.example.", 80)]
    [InlineData("http://-a.example/x", "http", "-a.example", 80)]
    [InlineData("http://a-.example/x", "http", "a-.example", 80)]
    [InlineData("https://_a.example:8443/x", "https", "_a.example", 8443)]
    [InlineData("http://-/x", "http", "-", 80)]
    [InlineData("http://ex%61mple.com/x", "http", "example.com", 80)]
    [InlineData("http://b%C3%BCcher.example/x", "http", "xn--bcher-kva.example", 80)]
    [InlineData("http://%31%32%37.1/x", "http", "127.0.0.1", 80)]
    [InlineData("http://0x7f.1/x", "http", "127.0.0.1", 80)]
    [InlineData("http://0177.0.0.1:81/x", "http", "127.0.0.1", 81)]
    [InlineData("http://2130706433/x", "http", "127.0.0.1", 80)]
    [InlineData("http://127.0.0.1./x", "http", "127.0.0.1", 80)]
    [InlineData("http://0x7f.1.:81/x", "http", "127.0.0.1", 81)]
    [InlineData("http://256.1.1.1/x", "http", "256.1.1.1", 80)]
    [InlineData("http://xn--a.example/x", "http", "xn--a.example", 80)]
    public void Hosts_and_ports_are_taken_apart(string text, string scheme, string host, int port)
    {
        RequestUrl url = Parse(text);

        Assert.Equal((scheme, host, port), (url.Uri.Scheme, url.Uri.IdnHost, url.Uri.Port));
        Assert.Empty(url.Uri.UserInfo);
    }

    [Theory]
    [InlineData("", "no scheme")]
    [InlineData("justaword", "no scheme")]
    [InlineData("httpx://a.example/", "scheme httpx")]
    [InlineData("ftp://a.example/", "scheme ftp")]
    [InlineData("http:/a.example/", "no host")]
    [InlineData("http:a.example", "no host")]
    [InlineData("http://", "no host")]
    [InlineData("http:///x", "no host")]
    [InlineData("http://?x", "no host")]
    [InlineData("http://user@/x", "no host")]
    [InlineData("http://:80/x", "host :80")]
    [InlineData("http://a.example:0/x", "host a.example:0")]
    [InlineData("http://a.example:65536/x", "host a.example:65536")]
    [InlineData("http://a.example:80:80/x", "host a.example:80:80")]
    [InlineData("http://a.example:+80/x", "host a.example:+80")]
    [InlineData("http://a b/x", "host a b")]
    [InlineData("http://a%2Fb/x", "host a/b")]
    [InlineData("http://a%20b/x", "host a b")]
    [InlineData("http://.a/x", "host .a")]
    [InlineData("http://a../x", "host a..")]
    [InlineData("http://a+b/x", "host a+b")]
    [InlineData("http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/x", "host aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example")]
    [InlineData("http://a\\b/x", "host a\\b")]
    [InlineData("http://[::1/x", "host [::1")]
    [InlineData("http://a..b/x", "host a..b")]
    public async Task What_is_no_URL_is_bad_url(string text, string fault) =>
        Assert.Equal(new FetchOutcome(FetchOutcomeKind.BadUrl, fault), await Fetches.FetchAsync(text));

    [Theory]
    [InlineData("http://b.example/y", "http://b.example/y")]
    [InlineData("HTTPS://b.example/y", "https://b.example/y")]
    [InlineData("//b.example/y", "http://b.example/y")]
    [InlineData("/y?q#f", "http://a.example:81/y?q")]
    [InlineData("y", "http://a.example:81/d/y")]
    [InlineData("./y", "http://a.example:81/d/y")]
    [InlineData("../y", "http://a.example:81/y")]
    [InlineData("../../../y/.", "http://a.example:81/y/")]
    [InlineData("?r", "http://a.example:81/d/x?r")]
    [InlineData("", "http://a.example:81/d/x?q=/z")]
    [InlineData("#f", "http://a.example:81/d/x?q=/z")]
    [InlineData("a b.jpg", "http://a.example:81/d/a%20b.jpg")]
    [InlineData("y?u=http://c/", "http://a.example:81/d/y?u=http://c/")]
    [InlineData("\u00C3\u00A9.jpg", "http://a.example:81/d/%C3%A9.jpg")]
    [InlineData("\u00E9.jpg", "http://a.example:81/d/%E9.jpg")]
    public void A_location_leads_where_RFC_3986_says(string location, string expected)
    {
        RequestUrl? url = Parse("http://a.example:81/d/x?q=/z").TryFollow(location, out _);

        Assert.Equal(expected, url!.Uri.AbsoluteUri);
    }

    [Theory]
    [InlineData("/y", "u:p")]
    [InlineData("http://a.example/y", "u:p")]
    [InlineData("http://A.EXAMPLE:80/y", "u:p")]
    [InlineData("https://a.example/y", null)]
    [InlineData("http://a.example:81/y", null)]
    [InlineData("http://b.example/y", null)]
    [InlineData("http://v:q@b.example/y", "v:q")]
    public void Credentials_stay_with_their_origin(string location, string? userInfo) =>
        Assert.Equal(userInfo, Parse("http://u:p@a.example/x").TryFollow(location, out _)!.UserInfo);

    [Property]
    public void Any_text_is_a_URL_of_ASCII_or_refused(NonNull<string> text)
    {
        if (RequestUrl.TryParse("http://" + text.Get, out _) is { } url)
        {
            Assert.All(url.PathAndQuery, c => Assert.InRange(c, '!', '~'));
            Assert.DoesNotContain(url.Uri.IdnHost, c => c is <= ' ' or > '~');
        }
    }

    [Property]
    public void Any_location_leads_somewhere_or_is_refused(NonNull<string> location) =>
        _ = Parse("http://a.example/x").TryFollow(location.Get, out _);

    private static RequestUrl Parse(string text) => RequestUrl.TryParse(text, out string fault) ?? throw new FormatException(fault);
}
