using Koalarization.Hostile.Serving;
using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>Links that are odd: targets that must go out as written, other ways to write the address, and no links at all.</summary>
internal static class AddressRows
{
    private static readonly byte[] Photo = Photos.Photo;
    private static readonly string Long = "/odd/" + new string('a', 8000) + ".jpg";

    public static IEnumerable<Row> All =>
    [
        .. new[]
        {
            "/odd/a%2Fb%7e%zz.jpg", "/odd/x/../y.jpg", "/odd/./z.jpg", "/odd//double//slash.jpg", "/odd/q.jpg?", "/odd/q.jpg?a=b%20c&d=[1]{2}|\\^`", "/odd/semi;colon,comma.jpg",
            "/odd/q.jpg??", "/odd/tilde~'()*!.jpg", "/odd/%00.jpg", "/odd/%E9.jpg", "/odd/a+b=c&d@e:f.jpg", "/odd/q.jpg?http://127.0.0.1/x.jpg", "/odd/trailing/", "/odd/..", "/odd/%2e%2e/x.jpg", Long,
        }.Select(target => Row.Keeps(target, "a target as written", Photo, Body(Photo))),
        Row.Keeps("/odd/caf%C3%A9%20%C3%A9.jpg", "letters beyond ASCII", Photo, Body(Photo)) with { Link = "http://{at}/odd/caf\u00E9%20\u00E9.jpg" },
        Row.Keeps("/odd/%E5%86%99%E7%9C%9F.jpg?%F0%9F%90%A8", "a target in Chinese, and a koala", Photo, Body(Photo)) with { Link = "http://{at}/odd/\u5199\u771F.jpg?\U0001F428" },
        Row.Keeps("/odd/fragment.jpg", "a fragment, which stays at home", Photo, Body(Photo)) with { Link = "http://{at}/odd/fragment.jpg#a?b/c" },
        Row.Keeps("/?odd", "a query right behind the host", Photo, Body(Photo)) with { Link = "http://{at}?odd" },
        Row.Keeps("/odd/user.jpg", "credentials", Photo, Only(exchange => exchange.Header("Authorization") == "Basic a29hbGE6cCBzcw==", Photo)) with { Link = "http://koala:p%20ss@{at}/odd/user.jpg" },
        Row.Keeps("/odd/honest.jpg", "a picture for a client with an honest User-Agent", Photo, Only(IsHonest, Photo)),
        Row.Keeps("/odd/cookie.jpg", "a picture with cookies", Photo, Body(Photo, "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/; Max-Age=1000000\r\n")),
        Row.Keeps("/odd/cookie-once.jpg", "sets a cookie with 500, and wants none", Photo, First(Status("500 Sorry", "Set-Cookie: c=3; Path=/\r\n"), Only(exchange => exchange.Header("Cookie") is null, Photo))),
        Row.Keeps("/odd/port.jpg", "a port with zeros before it", Photo, Body(Photo)) with { Link = "http://127.0.0.1:0{port}/odd/port.jpg" },

        .. new (string Host, string Target)[]
        {
            ("localhost", "/at/name"), ("LocalHost", "/at/capitals"), ("0.0.0.0", "/at/zeros"), ("127.1", "/at/short"), ("2130706433", "/at/decimal"), ("0x7F000001", "/at/hex"), ("0177.0.0.1", "/at/octal"), ("%31%32%37.0.0.1", "/at/encoded"), ("127.0.0.1.", "/at/dot"),
            ("[::ffff:127.0.0.1]", "/at/mapped"), ("127.0.0.1", "/at/plain"),
        }.Select(row => Row.Keeps(row.Target, $"the host written {row.Host}", Photo, Body(Photo)) with { Link = $"http://{row.Host}:{{port}}{row.Target}" }),
        Row.Keeps("/at/ipv6", "IPv6", Photo, async exchange => await Body(Photo)(await exchange.ReadAsync())) with { Endpoint = RowEndpoint.OwnPortOfIPv6, Link = "http://{at}/at/ipv6" },

        .. new[]
        {
            "http://", "http:///x.jpg", "http:/127.0.0.1/x.jpg", "http:x.jpg", "https//127.0.0.1/x.jpg", "http://:80/x.jpg", "http://@/x.jpg", "http://127.0.0.1:99999/x.jpg", "http://127.0.0.1:0/x.jpg",
            "http://127.0.0.1:port/x.jpg", "http://127.0.0.1:-80/x.jpg", "http://[::1/x.jpg", "http://[koala]/x.jpg", "http://a..b/x.jpg", "http://a<b>/x.jpg", "httpx://127.0.0.1/x.jpg", "http", "https://",
            "http://a%2Fb/x.jpg", "http://" + new string('a', 300) + "/x.jpg",
        }.Select(link => Row.Ends("", "no URL", "bad_url", null, Raw("")) with { Endpoint = RowEndpoint.None, Link = link }),
    ];

    private static bool IsHonest(Exchange exchange) =>
        exchange.Header("User-Agent") is { } agent && agent.StartsWith("Koalarization.Cluster/", StringComparison.Ordinal)
        && exchange.Header("Host") is { Length: > 0 }
        && exchange.Header("Referer") is null
        && exchange.Header("Cookie") is null
        && exchange.Header("Authorization") is null
        && exchange.Header("From") is null
        && exchange.Header("Traceparent") is null;
}
