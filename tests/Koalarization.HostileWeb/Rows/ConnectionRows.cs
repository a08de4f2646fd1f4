using Koalarization.Hostile.Serving;
using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>Connections that are not made, or break.</summary>
internal static class ConnectionRows
{
    private static readonly byte[] Photo = Photos.Photo;
    private static readonly string Head = $"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length}\r\n\r\n";
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The rows.</summary>
    /// <param name="closedPort">Where no server listens, as host and port.</param>
    /// <param name="fullPort">Where no more connections are taken, as host and port.</param>
    public static IEnumerable<Row> All(string closedPort, string fullPort) =>
    [
        Row.Ends("", "no server listens", "connection", "refused", Raw("")) with { Endpoint = RowEndpoint.None, Link = $"http://{closedPort}/closed.jpg" },
        Row.Ends("", "no server listens for TLS", "connection", "refused", Raw("")) with { Endpoint = RowEndpoint.None, Link = $"https://{closedPort}/closed.jpg" },
        Row.Ends("", "takes no more connections", "timeout", "connect", Raw("")) with { Endpoint = RowEndpoint.None, Link = $"http://{fullPort}/full.jpg" },
        Row.EndsAtPort("/reset/connect", "resets at once", "connection", null, Reset()),
        Row.Ends("/reset/request", "resets when it has read the request", "connection", null, Reset()),
        Row.Ends("/reset/headers", "resets within the headers", "connection", null, Reset(Head[..20], gone: ShortPause)),
        Row.Ends("/reset/body", "resets within the body", "connection", null, Reset(Head, Photo[..1000], ShortPause)),
        Row.Ends("/reset/unannounced", "resets within a body of unknown length", "connection", null, Reset("HTTP/1.1 200 OK\r\n\r\n", Photo[..1000], ShortPause)),
        Row.EndsAtPort("/close/connect", "closes at once", "connection", null, _ => Task.CompletedTask),
        Row.Ends("/close/request", "closes without an answer", "connection", "ended early", Raw("")),
        Row.Ends("/close/status", "closes within the status line", "connection", "ended early", Raw("HTTP/1.1 2")),
        Row.Ends("/close/headers", "closes within the headers", "connection", "ended early", Raw(Head[..30])),
        Row.Ends("/close/body", "closes within the body", "connection", "ended early", Raw(Head, Photo[..^1])),
        Row.Ends("/close/empty-body", "closes before the body", "connection", "ended early", Raw(Head)),
        Row.Keeps("/close/once", "closes without an answer, once", Photo, First(Raw(""), Body(Photo))),
        Row.Keeps("/close/after-each", "answers one request of a connection, and closes it with the next unread", Photo, OneOfEach("/close/after-each")) with { Endpoint = RowEndpoint.OwnPort },
        Row.Keeps("/reset/once", "resets within the body, once", Photo, First(Reset(Head, Photo[..1000], ShortPause), Body(Photo))),
    ];

    /// <summary>A redirect, then the picture, each on a connection that is dead after it, though it seems to stay open.</summary>
    private static Answer OneOfEach(string target) => async exchange =>
    {
        string request = (await exchange.ReadAsync()).Target;
        await (request == target ? Redirect("302 Found", "/photo") : Body(Photo))(exchange);
        await exchange.RestAsync(ShortPause);
    };
}
