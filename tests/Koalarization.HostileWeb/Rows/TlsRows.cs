using Koalarization.Hostile.Serving;
using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>TLS: certificates of every wrong kind, handshakes that are none, and HTTP/2.</summary>
internal static class TlsRows
{
    /// <summary>The endpoint that serves <see cref="Photos.Photo"/> well.</summary>
    public const string GoodTarget = "/tls/good";

    private static readonly byte[] Photo = Photos.Photo;
    private static readonly byte[] Small = Photos.Small;

    public static IEnumerable<Row> All(Certificates certificates) =>
    [
        Row.KeepsSecurely(GoodTarget, "a trusted certificate", Photo, Tls.With(certificates.Good, Body(Photo))),
        Row.KeepsSecurely("/tls/name", "a trusted certificate of a name", Photo, Tls.With(certificates.Good, Body(Photo))) with { Link = "https://localhost:{port}/tls/name" },
        Row.EndsSecurely("/tls/self-signed", "a self-signed certificate", "tls", "the certificate is self-signed", Tls.With(certificates.SelfSigned, Body(Photo))),
        Row.EndsSecurely("/tls/expired", "an expired certificate", "tls", "the certificate has expired", Tls.With(certificates.Expired, Body(Photo))),
        Row.EndsSecurely("/tls/future", "a certificate of next week", "tls", "the certificate is not valid yet", Tls.With(certificates.NotYetValid, Body(Photo))),
        Row.EndsSecurely("/tls/other-host", "a certificate of another host", "tls", "the certificate is of another host", Tls.With(certificates.OtherHost, Body(Photo))),
        Row.EndsSecurely("/tls/no-intermediate", "sends no intermediate certificate", "tls", "the server does not send its intermediate certificate", Tls.With(certificates.WithoutIntermediate, Body(Photo))),
        Row.EndsSecurely("/tls/unknown", "a certificate of an unknown authority", "tls", "the server does not send its intermediate certificate, or its authority is unknown", Tls.With(certificates.OfUnknown, Body(Photo))),
        Row.EndsSecurely("/tls/client", "a certificate that is not one for a web server", "tls", "the certificate is not one for a web server", Tls.With(certificates.OfClient, Body(Photo))),
        Row.EndsSecurely("/tls/1.0", "answers with TLS 1.0", "tls", null, Silent("", Tls.Hello(minor: 1))),
        Row.EndsSecurely("/tls/1.1", "answers with TLS 1.1", "tls", null, Silent("", Tls.Hello(minor: 2))),
        Row.EndsSecurely("/tls/old", "says that the version is another", "tls", "the server's TLS version is too old", Silent("", [0x15, 3, 1, 0, 2, 2, 70])),
        Row.KeepsSecurely("/tls/dot", "a name with a dot behind it", Photo, Tls.With(certificates.Good, Body(Photo))) with { Link = "https://localhost.:{port}/tls/dot" },
        Row.KeepsSecurely("/tls/rsa", "TLS 1.2 without forward secrecy", Photo, Tls.WithRsaAlone(certificates.Rsa, Body(Photo))),
        Row.EndsSecurely("/tls/plain", "HTTP where TLS is spoken", "tls", null, Raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")),
        Row.EndsSecurely("/tls/garbage", "garbage for a handshake", "tls", null, Silent("", [.. Enumerable.Repeat((byte)0xA5, 512)])),
        Row.EndsSecurely("/tls/alert", "an alert for a handshake", "tls", null, Silent("", [0x15, 3, 3, 0, 2, 2, 40])),
        Row.EndsSecurely("/tls/closed", "closes before the handshake", "connection", null, _ => Task.CompletedTask),
        Row.EndsSecurely("/tls/broken-off", "closes in mid-handshake", "connection", null, Raw("", [0x16, 3, 3, 0x10, 0, 2, 0, 0])),
        Row.EndsSecurely("/tls/reset", "resets in mid-handshake", "connection", null, Reset("", [0x16, 3, 3, 0x10, 0, 2, 0, 0], TimeSpan.FromMilliseconds(100))),
        Row.EndsSecurely("/tls/silent", "no handshake at all", "timeout", "connect", Silent()),
        Row.EndsSecurely("/tls/cut", "closes within a body", "connection", null, Tls.With(certificates.Good, Raw($"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length}\r\n\r\n", Photo[..5000]))),
        Row.EndsSecurely("/tls/after", "closes after the handshake", "connection", null, Tls.With(certificates.Good, Raw(""))),
        Row.EndsAtPort("/tls/to-plain", "TLS where HTTP is spoken", "connection", "ended early", Raw("", [0x15, 3, 3, 0, 2, 2, 70])),

        Row.KeepsSecurely("/h2/good", "HTTP/2", Small, Tls.ForHttp2(certificates.Good, Http2.Connection(Http2.Picture(Small)))),
        Row.KeepsSecurely("/h2/length", "HTTP/2 with a length", Small, Tls.ForHttp2(certificates.Good, Http2.Connection(Http2.Picture(Small, ("content-length", $"{Small.Length}"))))),
        Row.KeepsSecurely("/h2/goodbye", "GOAWAY after the picture", Small, Tls.ForHttp2(certificates.Good, Http2.Connection(async (exchange, stream) =>
        {
            await Http2.Picture(Small)(exchange, stream);
            await Http2.GoAwayAsync(exchange, stream, error: 0);
        }))),
        Row.KeepsSecurely("/h2/refused-once", "REFUSED_STREAM once", Small, Tls.ForHttp2(certificates.Good, Http2.Connection((exchange, stream) =>
            (stream == 1 ? Http2.Reset(error: 7, []) : Http2.Picture(Small))(exchange, stream)))),
        Row.EndsSecurely("/h2/reset", "RST_STREAM without an answer", "connection", null, Tls.ForHttp2(certificates.Good, Http2.Connection(Http2.Reset(error: 2, [])))),
        Row.EndsSecurely("/h2/reset-body", "RST_STREAM within the picture", "connection", null, Tls.ForHttp2(certificates.Good, Http2.Connection(Http2.Reset(error: 2, Small[..1000])))),
        Row.EndsSecurely("/h2/goaway", "GOAWAY instead of an answer", "connection", null, Tls.ForHttp2(certificates.Good, Http2.Connection((exchange, _) => Http2.GoAwayAsync(exchange, 0, error: 2)))),
        Row.KeepsSecurely("/h2/http1-required", "HTTP_1_1_REQUIRED", Small, Tls.ForEither(certificates.Good, Http2.Connection(Http2.Reset(error: 0xD, [])), Body(Small))),
        Row.KeepsSecurely("/h2/goaway-http1", "GOAWAY, and pictures by HTTP/1.1", Small, Tls.ForEither(
            certificates.Good, Http2.Connection((exchange, _) => Http2.GoAwayAsync(exchange, 0, error: 0xD)), Body(Small))),
        Row.KeepsSecurely("/h2/reset-http1", "RST_STREAM within the picture, and pictures by HTTP/1.1", Small, Tls.ForEither(
            certificates.Good, Http2.Connection(Http2.Reset(error: 2, Small[..1000])), Body(Small))),
        Row.KeepsSecurely("/h2/long", "a picture longer than it says", Small, Tls.ForHttp2(certificates.Good, Http2.Connection(Http2.Picture(Small, ("content-length", "10"))))),
        Row.KeepsSecurely("/h2/short", "a picture shorter than it says", Small, Tls.ForHttp2(certificates.Good, Http2.Connection(Http2.Picture(Small, ("content-length", "1000000"))))),
        Row.EndsSecurely("/h2/headers", "headers without an end", "http_error", null, Tls.ForHttp2(certificates.Good, Http2.Connection(Http2.EndlessHeadersAsync))),
        Row.EndsSecurely("/h2/silent", "never answers", "timeout", "first byte", Tls.ForHttp2(certificates.Good, Http2.Connection((_, _) => Task.CompletedTask))),
        Row.EndsSecurely("/h2/stalled", "stops within the picture", "timeout", "stalled", Tls.ForHttp2(certificates.Good, Http2.Connection((exchange, stream) => Http2.BeginAsync(exchange, stream, Small[..1000])))),
        Row.EndsSecurely("/h2/status", "404", "not_found", "404", Tls.ForHttp2(certificates.Good, Http2.Connection((exchange, stream) => Http2.HeadersAsync(exchange, stream, [(":status", "404")])))),
        Row.EndsSecurely("/h2/http1", "HTTP/1.1 where HTTP/2 was agreed", "empty", null, Tls.ForHttp2(certificates.Good, Raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))) with { Otherwise = "connection" },
    ];
}
