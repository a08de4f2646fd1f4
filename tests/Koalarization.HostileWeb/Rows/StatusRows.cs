using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>Statuses, final and preliminary.</summary>
internal static class StatusRows
{
    private static readonly byte[] Photo = Photos.Photo;

    public static IEnumerable<Row> All =>
    [
        .. Final.Select(row => Row.Ends($"/status/{row.Status[..3]}", row.Status, row.Outcome, row.Status[..3], Status(row.Status))),
        Row.Ends("/status/204", "204 No Content", "empty", "204", Bare("204 No Content")),
        Row.Ends("/status/205", "205 Reset Content", "empty", "205", Bare("205 Reset Content", "Content-Length: 0\r\n")),
        Row.Ends("/status/206", "206 with half a picture, not asked for", "http_error", "206", Body(Photo[..1000], "Content-Range: bytes 0-999/5000\r\n", "206 Partial Content")),
        Row.Keeps("/status/206-whole", "206 with the whole picture", Photo, Body(Photo, $"Content-Range: bytes 0-{Photo.Length - 1}/{Photo.Length}\r\n", "206 Partial Content")),
        Row.Keeps("/status/206-equals", "206 with the whole picture, bytes=", Photo, Body(Photo, $"Content-Range: bytes=0-{Photo.Length - 1}/{Photo.Length}\r\n", "206 Partial Content")),
        Row.Ends("/status/206-lies", "206 that says whole and is not", "http_error", "206", Body(Photo[..1000], $"Content-Range: bytes 0-{Photo.Length - 1}/{Photo.Length}\r\n", "206 Partial Content")),
        Row.Ends("/status/206-star", "206 of an unknown whole", "http_error", "206", Body(Photo, $"Content-Range: bytes 0-{Photo.Length - 1}/*\r\n", "206 Partial Content")),
        Row.Ends("/status/206-bare", "206 without a range", "http_error", "206", Body(Photo, "", "206 Partial Content")),
        Row.Ends("/status/404-picture", "404 with a picture of a sad face", "not_found", "404", Body(Photo, "", "404 Not Found")),
        Row.Ends("/status/200-sorry", "200 that says 404 in its page", "not_jpeg", "HTML", Body("<!DOCTYPE html><h1>404 Not Found</h1>"u8.ToArray())),
        Row.Keeps("/status/201", "201 with a picture", Photo, Body(Photo, "", "201 Created")),
        Row.Keeps("/status/203", "203 from a proxy", Photo, Body(Photo, "", "203 Non-Authoritative Information")),
        Row.Keeps("/status/reason-less", "200 without a reason", Photo, Body(Photo, "", "200")),
        Row.Keeps("/status/500-once", "500, then the picture", Photo, First(Status("500 Internal Server Error"), Body(Photo))),
        Row.Keeps("/status/502-once", "502, then the picture", Photo, First(Status("502 Bad Gateway"), Body(Photo))),

        Row.Keeps("/early/100", "100, then the picture", Photo, Raw(Preliminary("100 Continue"), Photo)),
        Row.Keeps("/early/103", "103 with hints, then the picture", Photo, Raw(Preliminary("103 Early Hints\r\nLink: </x.css>; rel=preload"), Photo)),
        Row.Keeps("/early/many", "twenty times 102, then the picture", Photo, Raw(string.Concat(Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 20)) + Preliminary("102 Processing"), Photo)),
        Row.Ends("/early/101", "101 to a protocol not asked for", "http_error", "101", Silent("HTTP/1.1 101 Switching Protocols\r\nUpgrade: koala\r\nConnection: Upgrade\r\n\r\n")),
        Row.Ends("/early/endless", "102 for ever", "timeout", "first byte", Pieces("", ["HTTP/1.1 102 Processing\r\n\r\n"u8.ToArray()], TimeSpan.FromMilliseconds(50), endless: true)),
        Row.Ends("/early/alone", "100, and nothing after it", "connection", "ended early", Raw("HTTP/1.1 100 Continue\r\n\r\n")),
    ];

    private static (string Status, string Outcome)[] Final =>
    [
        ("400 Bad Request", "http_error"),
        ("401 Unauthorized", "forbidden"),
        ("402 Payment Required", "forbidden"),
        ("403 Forbidden", "forbidden"),
        ("404 Not Found", "not_found"),
        ("405 Method Not Allowed", "http_error"),
        ("406 Not Acceptable", "http_error"),
        ("407 Proxy Authentication Required", "http_error"),
        ("408 Request Timeout", "connection"),
        ("409 Conflict", "http_error"),
        ("410 Gone", "not_found"),
        ("416 Range Not Satisfiable", "http_error"),
        ("418 I'm a teapot", "http_error"),
        ("421 Misdirected Request", "http_error"),
        ("451 Unavailable For Legal Reasons", "forbidden"),
        ("500 Internal Server Error", "server_error"),
        ("501 Not Implemented", "server_error"),
        ("502 Bad Gateway", "server_error"),
        ("504 Gateway Timeout", "server_error"),
        ("508 Loop Detected", "server_error"),
        ("599 Whatever", "server_error"),
        ("600 Beyond", "http_error"),
        ("999 Request denied", "http_error"),
    ];

    private static string Preliminary(string early) => $"HTTP/1.1 {early}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {Photo.Length}\r\n\r\n";
}
