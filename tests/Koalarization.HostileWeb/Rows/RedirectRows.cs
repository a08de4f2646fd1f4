using Koalarization.Hostile.Serving;
using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>Redirects: to pictures by every road, round in circles, and to nowhere.</summary>
internal static class RedirectRows
{
    private static readonly byte[] Photo = Photos.Photo;

    /// <summary>The rows.</summary>
    /// <param name="secureLink">The link of an endpoint that serves the picture over TLS; known once the web is open.</param>
    /// <param name="main">The common server, as host and port.</param>
    public static IEnumerable<Row> All(Func<string> secureLink, string main) =>
    [
        Row.Behind("/photo", Body(Photo)),
        Row.Behind("/way/photo", Body(Photo)),
        Row.Behind("/way/station?photo", Body(Photo)),
        Row.Behind("/a%20photo", Body(Photo)),
        Row.Behind("/caf%C3%A9", Body(Photo)),
        Row.Behind("/caf%E9", Body(Photo)),
        Row.Behind("/", Body(Photo)),

        .. Statuses().Select(status => Row.Keeps($"/redirect/{status[..3]}", $"{status} to a picture", Photo, Redirect(status, "/photo"))),
        Row.Keeps("/redirect/five/5", "five redirects, each another status", Photo, Redirect("301 Moved", "/redirect/five/4")),
        Row.Behind("/redirect/five/4", Redirect("302 Found", "/redirect/five/3")),
        Row.Behind("/redirect/five/3", Redirect("303 See Other", "/redirect/five/2")),
        Row.Behind("/redirect/five/2", Redirect("307 Temporary", "/redirect/five/1")),
        Row.Behind("/redirect/five/1", Redirect("308 Permanent", "/photo")),

        Row.Keeps("/way/sibling", "Location without a slash", Photo, Redirect("302 Found", "photo")),
        Row.Keeps("/way/up", "Location with ..", Photo, Redirect("302 Found", "../photo")),
        Row.Keeps("/way/dots", "Location with . and .. beyond the root", Photo, Redirect("302 Found", "./../../../way/./photo")),
        Row.Keeps("/way/station", "Location of a query alone", Photo, Redirect("302 Found", "?photo")),
        Row.Keeps("/way/scheme-less", "Location that begins with //", Photo, Redirect(e => $"//{e.Header("Host")}/photo")),
        Row.Keeps("/way/absolute", "whole Location in upper case, with a fragment", Photo, Redirect(e => $"HTTP://{e.Header("Host")}/photo#part")),
        Row.Keeps("/way/root", "Location of a host alone", Photo, Redirect(e => $"http://{e.Header("Host")}")),
        Row.Keeps("/way/blank", "a blank inside Location", Photo, Redirect("302 Found", "/a photo")),
        Row.Keeps("/way/padded", "blanks around Location", Photo, Redirect("302 Found", "  /photo \t")),
        Row.Keeps("/way/utf8", "UTF-8 in Location", Photo, Redirect("302 Found", "/caf\u00C3\u00A9")),
        Row.Keeps("/way/latin1", "Latin-1 in Location", Photo, Redirect("302 Found", "/caf\u00E9")),
        Row.Keeps("/way/named", "to the same place by its name", Photo, Redirect(e => $"http://localhost:{e.Header("Host")!.Split(':')[1]}/photo")),
        Row.Keeps("/way/twice", "two Locations, the first good", Photo, Status("302 Found", "Location: /photo\r\nLocation: /nowhere\r\n")),
        Row.Keeps("/way/with-body", "a redirect with a picture for its body", Photo, Body(Photos.Small, "Location: /photo\r\n", "302 Found")),
        Row.Keeps("/way/secure", "from http to https", Photo, Redirect(_ => secureLink())),
        Row.Keeps("/way/cookie", "sets a cookie for the next hop", Photo, Status("302 Found", "Set-Cookie: koala=1; Path=/\r\nLocation: /way/cookie-free\r\n")),
        Row.Behind("/way/cookie-free", Only(exchange => exchange.Header("Cookie") == "koala=1" && exchange.Header("Referer") is null, Photo)),
        Row.Keeps("/way/cookie-wall", "redirects to itself until its cookie comes back", Photo, CookieWall("koala=1", "/way/cookie-wall")),
        Row.Keeps("/way/cookie-date", "a cookie with a date and a comma", Photo, CookieWall("id=a,b; expires=Fri, 01-Jan-2038 00:00:00 GMT; path=/", "/way/cookie-date")),
        Row.Ends("/way/cookie-always", "redirects to itself with the same cookie for ever", "redirects", null, Status("302 Found", "Set-Cookie: a=1\r\nLocation: /way/cookie-always\r\n")),
        Row.Ends("/way/cookie-counts", "redirects to itself with another cookie each time", "redirects", "more than 5", exchange =>
            Status("302 Found", $"Set-Cookie: n={exchange.Times}\r\nLocation: /way/cookie-counts\r\n")(exchange)),
        Row.Ends("/way/cookie-bytes", "a cookie that no header can carry", "redirects", "a loop", Status("302 Found", "Set-Cookie: a=\u00E9\r\nLocation: /way/cookie-bytes\r\n")),
        Row.Keeps("/way/credentials", "credentials do not go to another port", Photo, Redirect(_ => $"http://{main}/way/no-credentials")) with
        {
            Endpoint = RowEndpoint.OwnAddress,
            Link = "http://koala:secret@{at}/way/credentials",
        },
        Row.Behind("/way/no-credentials", Only(exchange => exchange.Header("Authorization") is null, Photo)),

        Row.Ends("/loop/self", "redirects to itself", "redirects", "a loop", Redirect("302 Found", "/loop/self")),
        Row.Ends("/loop/fragment", "redirects to a part of itself", "redirects", "a loop", Redirect("302 Found", "#part")),
        Row.Ends("/loop/empty", "an empty Location", "redirects", "a loop", Redirect("302 Found", "")),
        Row.Ends("/loop/two", "there and back", "redirects", "a loop", Redirect("301 Moved", "/loop/back")),
        Row.Behind("/loop/back", Redirect("301 Moved", "/loop/two")),
        Row.Ends("/redirect/six/6", "six redirects", "redirects", "more than 5", Redirect("302 Found", "/redirect/six/5")),
        .. Enumerable.Range(1, 5).Select(n => Row.Behind($"/redirect/six/{n}", Redirect("302 Found", n == 1 ? "/photo" : $"/redirect/six/{n - 1}"))),
        Row.Ends("/nowhere/missing", "no Location", "redirects", "302 without a Location", Status("302 Found")),
        Row.Ends("/nowhere/ftp", "to ftp", "redirects", "to scheme ftp", Redirect("302 Found", "ftp://127.0.0.1/photo.jpg")),
        Row.Ends("/nowhere/file", "to a file", "redirects", "to scheme file", Redirect("302 Found", "file:///etc/passwd")),
        Row.Ends("/nowhere/script", "to JavaScript", "redirects", "to scheme javascript", Redirect("302 Found", "javascript:alert(1)")),
        Row.Ends("/nowhere/data", "to a picture inside the Location", "redirects", "to scheme data", Redirect("302 Found", "data:image/jpeg;base64,/9j/")),
        Row.Ends("/nowhere/no-host", "to http:///", "redirects", "to no host", Redirect("302 Found", "http:///photo")),
        Row.Ends("/nowhere/no-slashes", "to http:photo", "redirects", "to no host", Redirect("302 Found", "http:photo")),
        Row.Ends("/nowhere/port", "to port 99999", "redirects", null, Redirect("302 Found", "http://127.0.0.1:99999/photo")),
        Row.Ends("/nowhere/bracket", "to half an IPv6 address", "redirects", null, Redirect("302 Found", "http://[::1/photo")),
        Row.Ends("/nowhere/gone", "to a page that is not there", "not_found", "404", Redirect("302 Found", "/nowhere/there")),
        Row.Behind("/nowhere/there", Status("404 Not Found")),
        Row.Ends("/nowhere/300", "300 with a choice", "http_error", "300", Status("300 Multiple Choices", "Location: /photo\r\n")),
        Row.Ends("/nowhere/304", "304 to a request without a condition", "http_error", "304", Bare("304 Not Modified")),
        Row.Ends("/nowhere/305", "305 to a proxy", "http_error", "305", Status("305 Use Proxy", "Location: http://127.0.0.1:1/\r\n")),
        Row.Ends("/nowhere/refresh", "a page that refreshes to the picture", "not_jpeg", "HTML", Body("<html><meta http-equiv=refresh content='0;/photo'>"u8.ToArray(), "Refresh: 0;/photo\r\n")),
    ];

    private static Answer CookieWall(string cookie, string target) => exchange =>
        (exchange.Header("Cookie") is null ? Status("302 Found", $"Set-Cookie: {cookie}\r\nLocation: {target}\r\n") : Body(Photo))(exchange);

    private static string[] Statuses() =>
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"];
}
