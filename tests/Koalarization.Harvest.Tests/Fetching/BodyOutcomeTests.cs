using System.IO.Compression;
using System.Text;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Hostile.Serving;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class BodyOutcomeTests
{
    [Fact]
    public async Task A_whole_JPEG_is_kept_byte_for_byte()
    {
        byte[] picture = Golden.Bytes("pictures/coffee_500x375.jpeg");
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, picture));

        using FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg");

        Assert.Equal(FetchOutcomeKind.Kept, outcome.Kind);
        Assert.Null(outcome.Detail);
        Assert.Equal(picture.Length, outcome.BodyBytes);
        Assert.Equal(picture, outcome.Body!.Memory.ToArray());
    }

    [Theory]
    [InlineData("html", FetchOutcomeKind.NotJpeg, "HTML")]
    [InlineData("png", FetchOutcomeKind.NotJpeg, "PNG")]
    [InlineData("gif", FetchOutcomeKind.NotJpeg, "GIF")]
    [InlineData("webp", FetchOutcomeKind.NotJpeg, "WebP")]
    [InlineData("two_bytes", FetchOutcomeKind.NotJpeg, "unknown")]
    [InlineData("leading_newline", FetchOutcomeKind.NotJpeg, "unknown")]
    [InlineData("empty", FetchOutcomeKind.Empty, null)]
    [InlineData("truncated_half", FetchOutcomeKind.Damaged, "no end marker")]
    public async Task What_links_really_give_is_named(string name, FetchOutcomeKind kind, string? detail)
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, Golden.Bytes($"bad/{name}.jpeg")));

        FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg");

        Assert.Equal((kind, detail, false), (outcome.Kind, outcome.Detail, outcome.IsTransient));
        Assert.Null(outcome.Body);
    }

    [Fact]
    public async Task The_checks_word_is_passed_on()
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, [0xFF, 0xD8, 0xFF, 0xEE]));

        FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg");

        Assert.Equal((FetchOutcomeKind.TooManyPixels, "65500x65500", 4), (outcome.Kind, outcome.Detail, outcome.BodyBytes));
    }

    [Fact]
    public async Task Without_a_check_what_begins_as_a_JPEG_is_kept()
    {
        await using TestWeb web = await TestWeb.StartAsync(context =>
            TestWeb.SendAsync(context, context.Request.Path == "/cut.jpg" ? Golden.Bytes("bad/truncated_half.jpeg") : Golden.Bytes("bad/png.jpeg")));
        using var fetcher = new LinkFetcher(Fetches.Loopback);

        using FetchOutcome cut = await fetcher.FetchAsync(Link.Of(web.Http + "/cut.jpg"), CancellationToken.None);
        using FetchOutcome png = await fetcher.FetchAsync(Link.Of(web.Http + "/png.jpg"), CancellationToken.None);

        Assert.Equal((FetchOutcomeKind.Kept, FetchOutcomeKind.NotJpeg), (cut.Kind, png.Kind));
        Assert.Equal(Golden.Bytes("bad/truncated_half.jpeg"), cut.Body!.Memory.ToArray());
    }

    [Fact]
    public async Task A_body_waits_for_memory_without_its_time_running_out_and_a_large_one_comes_through()
    {
        byte[] picture = TestPictures.Whole(3_000_000);
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, picture));
        var clock = new FakeTimeProvider();
        FetchOptions options = Fetches.Loopback with { MaxBodyBytesInFlight = 1000, TotalTimeout = TimeSpan.FromSeconds(30), StallWindow = TimeSpan.FromSeconds(5) };
        using var fetcher = new LinkFetcher(options, new TestPictures(), clock: clock);
        FetchOutcome first = await fetcher.FetchAsync(Link.Of(web.Http + "/1.jpg"), CancellationToken.None);
        Task<FetchOutcome> second = fetcher.FetchAsync(Link.Of(web.Http + "/2.jpg"), CancellationToken.None);
        while (fetcher.BodiesWaiting == 0)
        {
            await Task.Yield();
        }

        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(second.IsCompleted);
        first.Dispose();

        Assert.Equal((FetchOutcomeKind.Kept, FetchOutcomeKind.Kept), (first.Kind, (await second).Kind));
        (await second).Dispose();
        Assert.Equal(0, fetcher.BodyBytesTaken);
    }

    [Fact]
    public async Task A_body_that_is_not_kept_leaves_no_memory_taken()
    {
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, context.Request.Path.Value switch
        {
            "/cut" => TestPictures.Whole()[..^1],
            "/large" => TestPictures.Whole(300_000),
            "/empty" => [],
            _ => "<html>"u8.ToArray(),
        }));
        await using RawServer stalls = RawServer.SilentAfter("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nbytes");
        using LinkFetcher fetcher = Fetches.Fetcher(Fetches.Loopback with { MaxBytes = 200_000, StallWindow = Fetches.Short });

        foreach (string url in (string[])[web.Http + "/cut", web.Http + "/large", web.Http + "/empty", web.Http + "/html", $"http://{stalls.Authority}/"])
        {
            Assert.NotEqual(FetchOutcomeKind.Kept, (await fetcher.FetchAsync(Link.Of(url), CancellationToken.None)).Kind);
        }

        Assert.Equal(0, fetcher.BodyBytesTaken);
    }

    [Theory]
    [InlineData(0, FetchOutcomeKind.Kept)]
    [InlineData(1, FetchOutcomeKind.TooLarge)]
    public async Task A_body_may_have_as_many_bytes_as_allowed_and_no_more(int excess, FetchOutcomeKind kind)
    {
        FetchOptions options = Fetches.Loopback with { MaxBytes = 300_000 };
        byte[] picture = TestPictures.Whole(options.MaxBytes + excess);
        await using TestWeb web = await TestWeb.StartAsync(context => TestWeb.SendAsync(context, picture));

        using FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg", options);

        Assert.Equal(kind, outcome.Kind);
    }

    [Fact]
    public async Task An_announced_length_over_the_limit_is_refused_before_a_byte_is_read()
    {
        await using RawServer server = RawServer.SilentAfter("HTTP/1.1 200 OK\r\nContent-Length: 30000000\r\n\r\n");

        FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg");

        Assert.Equal((FetchOutcomeKind.TooLarge, "30000000 bytes announced"), (outcome.Kind, outcome.Detail));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_content_encoding_is_undone(string encoding)
    {
        byte[] picture = TestPictures.Whole();
        await using TestWeb web = await TestWeb.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            return TestWeb.SendAsync(context, Packed(picture, encoding));
        });

        using FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg");

        Assert.Equal(picture, outcome.Body!.Memory.ToArray());
    }

    [Fact]
    public async Task The_limit_counts_what_comes_out_of_a_content_encoding()
    {
        byte[] bomb = Packed(TestPictures.Whole(3_000_000), "gzip");
        Assert.True(bomb.Length < 30_000);
        await using TestWeb web = await TestWeb.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return TestWeb.SendAsync(context, bomb);
        });

        FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg", Fetches.Loopback with { MaxBytes = 1_000_000 });

        Assert.Equal(FetchOutcomeKind.TooLarge, outcome.Kind);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_content_encoding_that_does_not_unpack_is_damaged(string encoding)
    {
        byte[] body = Packed(TestPictures.Whole(), encoding)[..^12];
        await using TestWeb web = await TestWeb.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            return TestWeb.SendAsync(context, body);
        });

        FetchOutcome outcome = await Fetches.FetchAsync(web.Http + "/a.jpg");

        Assert.Equal((FetchOutcomeKind.Damaged, "the content encoding does not unpack"), (outcome.Kind, outcome.Detail));
    }

    [Theory]
    [InlineData("gzip", "")]
    [InlineData("br", "")]
    [InlineData("deflate", "")]
    [InlineData("gzip, gzip", "gzip")]
    [InlineData("gzip,br", "gzip br")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("X-GZIP, identity", "gzip")]
    [InlineData("gzip, gzip", "gzip gzip")]
    [InlineData("deflate, utf-8, br", "deflate br")]
    [InlineData(" , gzip", "gzip")]
    [InlineData("", "")]
    public async Task Encodings_are_undone_while_the_header_names_one_and_the_bytes_are_no_JPEG(string header, string applied)
    {
        byte[] picture = TestPictures.Whole();
        byte[] body = applied.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(picture, Packed);
        await using RawServer server = RawServer.Answering($"HTTP/1.1 200 OK\r\nContent-Encoding: {header}\r\nContent-Length: {body.Length}\r\n\r\n", body);

        using FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg");

        Assert.Equal((FetchOutcomeKind.Kept, null), (outcome.Kind, outcome.Detail));
        Assert.Equal(picture, outcome.Body!.Memory.ToArray());
    }

    [Theory]
    [InlineData(6, FetchOutcomeKind.Damaged)]
    [InlineData(5, FetchOutcomeKind.Kept)]
    public async Task No_more_than_five_encodings_are_undone(int layers, FetchOutcomeKind kind)
    {
        byte[] body = Enumerable.Repeat("gzip", layers).Aggregate(TestPictures.Whole(), Packed);
        await using RawServer server = RawServer.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Encoding: {string.Join(',', Enumerable.Repeat("gzip", layers))}\r\nContent-Length: {body.Length}\r\n\r\n", body);

        using FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg");

        Assert.Equal(kind, outcome.Kind);
    }

    [Fact]
    public async Task The_limit_counts_what_comes_out_of_an_inner_encoding()
    {
        // Empty members alone: nothing would ever come out of the second encoding.
        byte[] members = [.. Enumerable.Repeat(Packed([], "gzip"), 100_000).SelectMany(member => member)];
        byte[] body = Packed(members, "gzip");
        await using RawServer server = RawServer.Answering($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: {body.Length}\r\n\r\n", body);

        using FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg", Fetches.Loopback with { MaxBytes = 100_000 });

        Assert.NotEqual(FetchOutcomeKind.Kept, outcome.Kind);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", "", "", true, "whole, though the answer broke off: ended early")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", "", "", false, null)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "FA0\r\n", "\r\n", true, "whole, though the answer broke off: ended early")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "FA0\r\n", "", true, "whole, though the answer broke off: ended early")]
    public async Task A_picture_that_is_whole_where_its_answer_breaks_off_is_kept_by_the_last_try(string head, string before, string after, bool isLastTry, string? detail)
    {
        byte[] picture = TestPictures.Whole();
        await using RawServer server = RawServer.Answering(head + before, [.. picture, .. Encoding.ASCII.GetBytes(after)]);
        using LinkFetcher fetcher = Fetches.Fetcher();

        using FetchOutcome outcome = await fetcher.FetchAsync(Link.Of($"http://{server.Authority}/a.jpg"), isLastTry, CancellationToken.None);

        Assert.Equal(isLastTry ? (FetchOutcomeKind.Kept, detail) : (FetchOutcomeKind.Connection, "ended early"), (outcome.Kind, outcome.Detail));
        Assert.Equal(isLastTry ? picture : null, outcome.Body?.Memory.ToArray());
    }

    [Fact]
    public async Task A_picture_that_only_seems_whole_where_its_answer_breaks_off_is_connection()
    {
        // The check of these tests finds too many pixels in it.
        byte[] body = [.. TestPictures.Whole()[..^2], 0xFF, 0xEE, 0xFF, 0xD9, 0, 0];
        await using RawServer server = RawServer.Answering("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", body);
        using LinkFetcher fetcher = Fetches.Fetcher();

        FetchOutcome outcome = await fetcher.FetchAsync(Link.Of($"http://{server.Authority}/a.jpg"), isLastTry: true, CancellationToken.None);

        Assert.Equal((FetchOutcomeKind.Connection, "ended early", true), (outcome.Kind, outcome.Detail, outcome.IsTransient));
        Assert.Equal(0, fetcher.BodyBytesTaken);
    }

    [Fact]
    public async Task A_picture_whose_server_falls_silent_behind_it_is_kept_by_the_last_try()
    {
        byte[] picture = TestPictures.Whole();
        await using var server = new RawServer(async (stream, stopping) =>
        {
            await RawServer.ReadRequestAsync(stream, stopping);
            await stream.WriteAsync((byte[])[.. "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"u8, .. picture], stopping);
            await RawServer.SilenceAsync(stopping);
        });

        using FetchOutcome outcome = await Fetches.FetchAsync($"http://{server.Authority}/a.jpg", Fetches.Loopback with { StallWindow = Fetches.Short });

        Assert.Equal((FetchOutcomeKind.Kept, "whole, though the answer broke off: stalled"), (outcome.Kind, outcome.Detail));
    }

    [Theory]
    [InlineData("bytes 0-999/1000", 1000)]
    [InlineData("bytes=0-999/1000", 1000)]
    [InlineData("BYTES 0 - 999 / 1000", 1000)]
    [InlineData("bytes 0-998/1000", null)]
    [InlineData("bytes 1-999/1000", null)]
    [InlineData("bytes 0-999/*", null)]
    [InlineData("bytes */1000", null)]
    [InlineData("bytes 0-999", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_part_is_whole_when_its_range_says_so(string? range, int? length) => Assert.Equal(length, StatusTable.LengthOfWhole(range));

    [Theory]
    [InlineData("<!DOCTYPE HTML PUBLIC>", "HTML")]
    [InlineData("\r\n  <html>", "HTML")]
    [InlineData("<?xml version='1.0'?><html>", "HTML")]
    [InlineData("<?xml version='1.0'?><svg>", "SVG")]
    [InlineData("<?xml version='1.0'?><Error>", "XML")]
    [InlineData("{\"error\":1}", "JSON")]
    [InlineData("Not found é", "text")]
    [InlineData("BM....", "BMP")]
    [InlineData("%PDF-1.4", "PDF")]
    [InlineData("\0\0\0\u0018ftypavif", "AVIF")]
    [InlineData("\u0001\u0002", "unknown")]
    public void A_body_that_is_no_JPEG_is_named(string body, string name) =>
        Assert.Equal(name, BodySignature.NameOf(System.Text.Encoding.UTF8.GetBytes(body)));

    private static byte[] Packed(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal),
            "br" => new BrotliStream(packed, CompressionLevel.Optimal),
            _ => new ZLibStream(packed, CompressionLevel.Optimal),
        })
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }
}
