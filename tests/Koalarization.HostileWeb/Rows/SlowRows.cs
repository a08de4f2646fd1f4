using System.Text;
using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>Servers that take their time, and those that never come to an end.</summary>
internal static class SlowRows
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";

    private static readonly byte[] Photo = Photos.Photo;
    private static readonly byte[] More = [.. Enumerable.Repeat((byte)'x', 4096)];
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<Row> All =>
    [
        Row.EndsAtPort("/slow/never", "takes the connection and never answers", "timeout", "first byte", Silent()),
        Row.Ends("/slow/silent", "reads the request and never answers", "timeout", "first byte", Silent()),
        Row.Ends("/slow/status", "half a status line, then silence", "timeout", "first byte", Silent("HTTP/1.1 20")),
        Row.Ends("/slow/headers", "headers without an end, then silence", "timeout", "first byte", Silent("HTTP/1.1 200 OK\r\nServer: snail\r\n")),
        Row.Ends("/slow/dripped-headers", "headers one byte a second", "timeout", "first byte", Drip("", Encoding.ASCII.GetBytes(Head))),
        Row.Ends("/slow/no-body", "headers, then silence", "timeout", "stalled", Silent(Head)),
        Row.Ends("/slow/middle", "half a picture, then silence", "timeout", "stalled", Silent($"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length}\r\n\r\n", Photo[..(Photo.Length / 2)])),
        Row.Ends("/slow/last-byte", "all of a picture but its last byte", "timeout", "stalled", Silent($"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length}\r\n\r\n", Photo[..^1])),
        Row.Ends("/slow/byte", "one byte a second", "timeout", "stalled", Drip(Head, Photo)),
        Row.Ends("/slow/chunks", "chunks of one byte, one a second", "timeout", "stalled", Pieces("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ["1\r\nx\r\n"u8.ToArray()], TimeSpan.FromSeconds(1), endless: true)),
        Row.Ends("/slow/for-ever", "just fast enough, for ever", "timeout", "total", Pieces("HTTP/1.1 200 OK\r\n\r\n", [[0xFF, 0xD8, 0xFF, .. More]], TimeSpan.FromMilliseconds(400), endless: true)),
        Row.Ends("/slow/error-page", "500 whose page never comes", "server_error", "500", Silent("HTTP/1.1 500 Sorry\r\nContent-Length: 1000\r\n\r\n")),
        Row.Ends("/slow/redirect-body", "a redirect whose body never comes, to nowhere", "redirects", "to scheme ftp", Silent("HTTP/1.1 302 Found\r\nLocation: ftp://x/\r\nContent-Length: 1000\r\n\r\n")),
        Row.Keeps("/slow/redirect-good", "a redirect whose body never comes, to a picture", Photo, Silent("HTTP/1.1 302 Found\r\nLocation: /photo\r\nContent-Length: 1000\r\n\r\n")),
        Row.Keeps("/slow/pieces", "a picture in pieces", Photo, Pieces($"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length}\r\n\r\n", Photo.Chunk((Photo.Length / 6) + 1), ShortPause)),
        Row.Keeps("/slow/header-pieces", "headers in pieces", Photo, Pieces("", Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length}\r\n\r\n").Chunk(9).Append(Photo), ShortPause)),
        Row.Keeps("/slow/keeps-open", "a whole picture, then silence", Photo, Silent($"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length}\r\n\r\n", Photo)) with { Endpoint = RowEndpoint.OwnAddress },
        Row.Keeps("/slow/silent-once", "never answers the first request", Photo, First(Silent(), Body(Photo))),

        Row.Ends("/endless/announced", "ten terabytes, announced", "too_large", "10000000000000 bytes announced", Endless("HTTP/1.1 200 OK\r\nContent-Length: 10000000000000\r\n\r\n", More)),
        Row.Ends("/endless/unannounced", "a body without an end", "too_large", null, Endless("HTTP/1.1 200 OK\r\n\r\n\u00FF\u00D8\u00FF", More)),
        Row.Ends("/endless/zeros", "zeros without an end", "too_large", null, Endless("HTTP/1.1 200 OK\r\n\r\n", new byte[4096])),
        Row.Ends("/endless/chunks", "chunks without an end", "too_large", null, Endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", [.. "1000\r\n"u8, .. More, .. "\r\n"u8])),
        Row.Ends("/endless/headers", "headers without an end", "http_error", "headers too large", Endless("HTTP/1.1 200 OK\r\n", [.. "X-More: "u8, .. More, .. "\r\n"u8])),
        Row.Ends("/endless/header", "one header without an end", "http_error", "headers too large", Endless("HTTP/1.1 200 OK\r\nX-More: ", More)),
        Row.Ends("/endless/status-line", "a status line without an end", "http_error", null, Endless("HTTP/1.1 200 ", More)),
        Row.Ends("/endless/chunk-size", "a chunk's line without an end", "http_error", null, Endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", More)),
        Row.Ends("/endless/trailers", "trailers without an end", "http_error", null, Endless($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", [.. "X-More: "u8, .. More, .. "\r\n"u8])),
    ];
}
