using Koalarization.Hostile.Serving;
using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>Answers whose headers or framing are odd, or no HTTP.</summary>
internal static class MessageRows
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static readonly byte[] Photo = Photos.Photo;
    private static readonly string Length = $"Content-Length: {Photo.Length}\r\n";

    public static IEnumerable<Row> All =>
    [
        Row.Keeps("/http/1.0", "HTTP/1.0 with a length", Photo, Raw($"HTTP/1.0 200 OK\r\n{Length}\r\n", Photo)),
        Row.Keeps("/http/1.0-bare", "HTTP/1.0 without a length", Photo, Raw("HTTP/1.0 200 OK\r\n\r\n", Photo)),
        Row.Keeps("/http/1.1-bare", "HTTP/1.1 without a length", Photo, Raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", Photo)),
        Row.Ends("/http/0.9", "HTTP/0.9: the picture alone", "http_error", "not HTTP", Raw("", Photo)),
        Row.Ends("/http/0.9-page", "HTTP/0.9: a page alone", "http_error", "not HTTP", Raw("<html>Hello</html>\r\n\r\n")),
        Row.Ends("/http/3.0", "HTTP/3.0 in a status line", "http_error", "not HTTP", Raw($"HTTP/3.0 200 OK\r\n{Length}\r\n", Photo)),
        Row.Ends("/http/ssh", "SSH", "http_error", "not HTTP", Raw("SSH-2.0-OpenSSH_9.2\r\n\r\n")),
        Row.Ends("/http/icy", "ICY", "http_error", "not HTTP", Raw("ICY 200 OK\r\nicy-name: radio\r\n\r\n", Photo)),
        Row.Ends("/http/status-abc", "a status of letters", "http_error", "not HTTP", Raw("HTTP/1.1 abc OK\r\n\r\n")),
        Row.Ends("/http/status-20", "a status of two digits", "http_error", "not HTTP", Raw("HTTP/1.1 20 OK\r\n\r\n")),
        Row.Ends("/http/binary", "bytes of all kinds", "http_error", "not HTTP", Raw("", [.. Enumerable.Range(0, 1024).Select(i => (byte)(i * 7))])),

        Row.Keeps("/header/many", "600 headers", Photo, Raw($"HTTP/1.1 200 OK\r\n{string.Concat(Enumerable.Range(0, 600).Select(i => $"X-{i}: {i}\r\n"))}{Length}\r\n", Photo)),
        Row.Keeps("/header/long", "a header of 30 KB", Photo, Raw($"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 30_000)}\r\n{Length}\r\n", Photo)),
        Row.Ends("/header/too-long", "a header of 70 KB", "http_error", "headers too large", Raw($"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 70_000)}\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/folded", "a header folded over lines", Photo, Raw($"HTTP/1.1 200 OK\r\nX-Folded: one\r\n  two\r\n\tthree\r\n{Length}\r\n", Photo)),
        Row.Keeps("/http/lower", "http in lower case", Photo, Raw($"http/1.1 200 OK\r\n{Length}\r\n", Photo)),
        Row.Keeps("/http/two-blanks", "two blanks before the status", Photo, Raw($"HTTP/1.1  200 OK\r\n{Length}\r\n", Photo)),
        Row.Keeps("/http/no-blank", "no blank before the reason", Photo, Raw($"HTTP/1.1 200OK\r\n{Length}\r\n", Photo)),
        Row.Keeps("/http/empty-line", "an empty line before the status", Photo, Raw($"\r\nHTTP/1.1 200 OK\r\n{Length}\r\n", Photo)),

        Row.Keeps("/header/warning", "a warning of PHP among the headers", Photo, Raw($"HTTP/1.1 200 OK\r\nPHP Warning: Unable to load '/usr/lib/x.so': none\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/blank-name", "a blank in a header's name", Photo, Raw($"HTTP/1.1 200 OK\r\nX Old Camera: 1\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/latin1-name", "Latin-1 in a header's name", Photo, Raw($"HTTP/1.1 200 OK\r\nX-\u00E9: 1\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/no-name", "a header without a name", Photo, Raw($"HTTP/1.1 200 OK\r\n: 1\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/nul-name", "a NUL in a header's name", Photo, Raw($"HTTP/1.1 200 OK\r\nX-\0: 1\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/folded-none", "a line without a colon, folded", Photo, Raw($"HTTP/1.1 200 OK\r\nno colon\r\n  Content-Length: 3\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/folded-first", "a fold before any header", Photo, Raw($"HTTP/1.1 200 OK\r\n Content-Length: 3\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/blank-colon", "a blank before the colon", Photo, Raw($"HTTP/1.1 200 OK\r\nX-Old : 1\r\nX-Tab\t: 1\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/return", "a carriage return inside a header", Photo, Raw($"HTTP/1.1 200 OK\r\nX-Old: 1\r2\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/no-colon", "a header line without a colon", Photo, Raw($"HTTP/1.1 200 OK\r\nno colon\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/nul", "a NUL in a header", Photo, Raw($"HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/empty", "headers without values", Photo, Raw($"HTTP/1.1 200 OK\r\nX-Empty:\r\nServer: \r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/line-feeds", "lines that end without CR", Photo, Raw($"HTTP/1.1 200 OK\nContent-Length: {Photo.Length}\n\n", Photo)),
        Row.Keeps("/header/type-wrong", "a picture that calls itself a page", Photo, Raw($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/type-bad", "a Content-Type that is none", Photo, Raw($"HTTP/1.1 200 OK\r\nContent-Type: ;;=\u00E9,,\r\n{Length}\r\n", Photo)),
        Row.Keeps("/header/latin1", "Latin-1 in headers", Photo, Raw($"HTTP/1.1 200 OK\r\nServer: caf\u00E9\r\nContent-Disposition: inline; filename=\u00FF.jpg\r\n{Length}\r\n", Photo)),

        Row.Keeps("/length/same-twice", "the same length twice", Photo, Raw($"HTTP/1.1 200 OK\r\n{Length}{Length}\r\n", Photo)),
        Row.Ends("/length/other-twice", "two lengths, the first too short", "damaged", null, Raw($"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n{Length}\r\n", Photo)),
        Row.Keeps("/length/negative", "a length below 0", Photo, Raw("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Photo)),
        Row.Keeps("/length/words", "a length of words", Photo, Raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", Photo)),
        Row.Keeps("/length/overflow", "a length of 30 digits", Photo, Raw($"HTTP/1.1 200 OK\r\nContent-Length: {new string('9', 30)}\r\n\r\n", Photo)),
        Row.Ends("/length/too-long-cut", "a length beyond a cut body's end", "connection", "ended early", Raw($"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length + 1000}\r\n\r\n", Photo[..^1000])),
        Row.Keeps("/length/too-long", "a length beyond the body's end", Photo, Raw($"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length + 1000}\r\n\r\n", Photo)),
        Row.Ends("/length/too-short", "a length within the picture", "damaged", null, Silent($"HTTP/1.1 200 OK\r\nContent-Length: {Photo.Length / 2}\r\n\r\n", Photo)) with { Endpoint = RowEndpoint.OwnAddress },
        Row.Keeps("/length/more-behind", "a picture, and more behind it", Photo, Silent($"HTTP/1.1 200 OK\r\n{Length}\r\n", [.. Photo, .. Photos.Small])) with { Endpoint = RowEndpoint.OwnAddress },
        Row.Ends("/length/zero", "a length of 0", "empty", null, Silent("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Photo)) with { Endpoint = RowEndpoint.OwnAddress },
        Row.Keeps("/length/and-chunks", "a length and chunks", Photo, Raw($"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n", Chunks(Photo, 5000))),

        // Beside those that send another whole answer behind their own, by which the next link on the connection must not be taken in.
        .. Enumerable.Range(0, 60).Select(i => Beside(i, Photos.All[i % Photos.All.Length])),

        Row.Keeps("/chunk/good", "chunks", Photo, Raw(Chunked, Chunks(Photo, 1000))),
        Row.Keeps("/chunk/bytes", "chunks of one byte", Photos.Small, Raw(Chunked, Chunks(Photos.Small, 1))),
        Row.Keeps("/chunk/extensions", "chunks with extensions", Photo, Raw(Chunked, Chunks(Photo, 5000, ";name=value;other=\"quoted; too\""))),
        Row.Keeps("/chunk/trailers", "chunks with trailers", Photo, Raw(Chunked, Chunks(Photo, 5000, trailers: "X-Sum: 1\r\nX-More: 2\r\n"))),
        Row.Keeps("/chunk/zeros", "a chunk's size with zeros before it", Photo, Raw(Chunked, [.. Ascii($"0000{Photo.Length:x}\r\n"), .. Photo, .. "\r\n0\r\n\r\n"u8])),
        Row.Ends("/chunk/bad-size", "a chunk's size of letters", "http_error", "not HTTP", Raw(Chunked + "xyz\r\n")),
        Row.Ends("/chunk/negative", "a chunk's size below 0", "http_error", "not HTTP", Raw(Chunked + "-5\r\nhello\r\n0\r\n\r\n")),
        Row.Ends("/chunk/huge", "a chunk's size of 20 digits", "http_error", "not HTTP", Raw(Chunked + "FFFFFFFFFFFFFFFFFFFF\r\nhello")),
        Row.Ends("/chunk/no-line-end", "a chunk longer than its size", "http_error", "not HTTP", Raw(Chunked + "3\r\nhello\r\n0\r\n\r\n")),
        Row.Keeps("/chunk/unfinished", "no last chunk", Photo, Raw(Chunked, Chunks(Photo, 5000)[..^5])),
        Row.Ends("/chunk/cut", "half a chunk", "connection", "ended early", Raw(Chunked + "50\r\nhello")),
        Row.Ends("/chunk/none", "chunks announced, a picture sent", "http_error", "not HTTP", Raw(Chunked, Photo)),
        Row.Ends("/chunk/empty", "the last chunk alone", "empty", null, Raw(Chunked + "0\r\n\r\n")),
    ];

    private static Row Beside(int i, byte[] picture)
    {
        byte[] other = Photos.Small;
        byte[] more = [.. Ascii($"HTTP/1.1 200 OK\r\nContent-Length: {other.Length}\r\n\r\n"), .. other];
        bool isTooLong = i % 3 == 0;
        Answer answer = isTooLong ? BodyAndMore(picture, more) : Body(picture);
        return Row.Keeps($"/beside/{i}.jpg", isTooLong ? "another answer behind its own" : "beside one that answers twice", picture, answer) with { Endpoint = RowEndpoint.Second };
    }

    private static byte[] Chunks(byte[] body, int size, string extension = "", string trailers = "") =>
    [
        .. body.Chunk(size).SelectMany(chunk => (byte[])[.. Ascii($"{chunk.Length:X}{extension}\r\n"), .. chunk, .. "\r\n"u8]),
        .. Ascii($"0\r\n{trailers}\r\n"),
    ];

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
