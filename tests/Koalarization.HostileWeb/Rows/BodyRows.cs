using System.IO.Compression;
using Koalarization.Hostile.Serving;
using ZstdSharp;
using static Koalarization.Hostile.Serving.Answers;

namespace Koalarization.Hostile.Rows;

/// <summary>What comes as a picture: good ones of every kind, broken ones, other things, and packed ones.</summary>
internal static class BodyRows
{
    private static readonly byte[] Photo = Photos.Photo;
    private static readonly byte[] Riff = [.. "RIFF\u0010\0\0\0WEBPVP8 "u8];

    public static IEnumerable<Row> All => [.. Good, .. Broken, .. NoJpegs, .. Encoded];

    private static IEnumerable<Row> Good =>
    [
        .. new[]
        {
            "camera_512x512_gray", "raccoon_1024x768_progressive", "raccoon_400x300_exif_rotated", "astronaut_333x251_restart", "coffee_450x300_411",
            "motorcycle_741x497_422", "astronaut_512x512_444", "one_pixel", "very_thin_1x2000", "coffee_1999x1333_large",
        }.Select(name => Row.Keeps($"/good/{name}.jpg", name, Photos.Named(name), Body(Photos.Named(name)))),
        Row.Keeps("/good/cmyk.jpg", "CMYK", Photos.Named("cat_400x300_cmyk"), Body(Photos.Named("cat_400x300_cmyk"))) with { NeedsTurboJpeg = true },
        Row.Keeps("/good/trailing.jpg", "bytes behind the end", Photos.Bad("trailing_garbage"), Body(Photos.Bad("trailing_garbage"))),
        Row.Keeps("/good/extraneous.jpg", "bytes before a marker", Photos.Bad("extraneous_bytes"), Body(Photos.Bad("extraneous_bytes"))) with { NeedsTurboJpeg = true },
        Row.Keeps("/good/no-end.jpg", "no end marker", Photos.Bad("no_end_marker"), Body(Photos.Bad("no_end_marker"))),
        Row.Keeps("/good/two.jpg", "two pictures in one", [.. Photo, .. Photos.Small], Body([.. Photo, .. Photos.Small])),
        Row.Keeps("/good/padded.jpg", "zeros behind the end, to 1 MB", [.. Photo, .. new byte[1_000_000 - Photo.Length]], Body([.. Photo, .. new byte[1_000_000 - Photo.Length]])),
    ];

    private static IEnumerable<Row> Broken =>
    [
        Row.Ends("/bad/half.jpg", "half a picture", "damaged", null, Body(Photos.Bad("truncated_half"))),
        Row.Ends("/bad/last-100.jpg", "a picture without its last 100 bytes", "damaged", null, Body(Photos.Bad("truncated_last_100"))),
        Row.Ends("/bad/progressive.jpg", "a progressive picture cut short", "damaged", null, Body(Photos.Bad("truncated_progressive"))),
        Row.Ends("/bad/header.jpg", "a header alone", "damaged", null, Body(Photos.Bad("header_only"))),
        Row.Ends("/bad/flipped.jpg", "flipped bits", "damaged", null, Body(Photos.Bad("flipped_bits"))) with { NeedsTurboJpeg = true },
        Row.Ends("/bad/height.jpg", "a height of 0", "damaged", null, Body(Photos.Bad("zero_height"))),
        Row.Ends("/bad/huge.jpg", "claims 65500x65500", "too_many_pixels", null, Body(Photos.Bad("claims_65500x65500"))),
        Row.Ends("/bad/three-bytes.jpg", "FF D8 FF", "damaged", null, Body([0xFF, 0xD8, 0xFF])),
        Row.Ends("/bad/zeros.jpg", "FF D8 FF and a megabyte of zeros", "damaged", null, Body([0xFF, 0xD8, 0xFF, .. new byte[1_000_000]])),
        Row.Ends("/bad/large.jpg", "a picture of 21 MB", "too_large", null, Body([.. Photo, .. new byte[21_000_000]])),
        Row.Ends("/bad/large-unannounced.jpg", "a picture of 21 MB without a length", "too_large", null, Raw("HTTP/1.1 200 OK\r\n\r\n", [.. Photo, .. new byte[21_000_000]])),
    ];

    private static IEnumerable<Row> NoJpegs =>
    [
        Row.Ends("/other/png.jpg", "PNG", "not_jpeg", "PNG", Body(Photos.Bad("png"))),
        Row.Ends("/other/gif.jpg", "GIF", "not_jpeg", "GIF", Body(Photos.Bad("gif"))),
        Row.Ends("/other/webp.jpg", "WebP", "not_jpeg", "WebP", Body(Photos.Bad("webp"))),
        Row.Ends("/other/webp-head.jpg", "WebP's first bytes", "not_jpeg", "WebP", Body(Riff)),
        Row.Ends("/other/html.jpg", "HTML", "not_jpeg", "HTML", Body(Photos.Bad("html"))),
        Row.Ends("/other/svg.jpg", "SVG", "not_jpeg", "SVG", Body("<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray())),
        Row.Ends("/other/xml.jpg", "an error of a store of objects", "not_jpeg", "XML", Body("<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>"u8.ToArray())),
        Row.Ends("/other/json.jpg", "JSON", "not_jpeg", "JSON", Body("{\"error\":\"no such photo\"}"u8.ToArray())),
        Row.Ends("/other/text.jpg", "text", "not_jpeg", "text", Body("hotlinking is not allowed"u8.ToArray())),
        Row.Ends("/other/bmp.jpg", "BMP", "not_jpeg", "BMP", Body("BM\u0036\0\0\0"u8.ToArray())),
        Row.Ends("/other/pdf.jpg", "PDF", "not_jpeg", "PDF", Body("%PDF-1.4"u8.ToArray())),
        Row.Ends("/other/newline.jpg", "a line's end before the picture", "not_jpeg", null, Body(Photos.Bad("leading_newline"))),
        Row.Ends("/other/two-bytes.jpg", "two bytes", "not_jpeg", null, Body(Photos.Bad("two_bytes"))),
        Row.Ends("/other/zeros.jpg", "a kilobyte of zeros", "not_jpeg", "unknown", Body(new byte[1000])),
        Row.Ends("/other/empty.jpg", "nothing", "empty", null, Body([])),
        Row.Ends("/other/empty-unannounced.jpg", "nothing, without a length", "empty", null, Raw("HTTP/1.1 200 OK\r\n\r\n")),
    ];

    private static IEnumerable<Row> Encoded =>
    [
        Row.Keeps("/packed/gzip.jpg", "gzip", Photo, Body(Packed.Gzip(Photo), "Content-Encoding: gzip\r\n")),
        Row.Keeps("/packed/upper.jpg", "gzip in capitals", Photo, Body(Packed.Gzip(Photo), "Content-Encoding: GZIP\r\n")),
        Row.Keeps("/packed/br.jpg", "Brotli", Photo, Body(Packed.Brotli(Photo), "Content-Encoding: br\r\n")),
        Row.Keeps("/packed/deflate.jpg", "deflate as it should be", Photo, Body(Packed.Zlib(Photo), "Content-Encoding: deflate\r\n")),
        Row.Keeps("/packed/raw-deflate.jpg", "deflate as some have it", Photo, Body(Packed.Deflate(Photo), "Content-Encoding: deflate\r\n")),
        Row.Keeps("/packed/identity.jpg", "identity", Photo, Body(Photo, "Content-Encoding: identity\r\n")),
        Row.Keeps("/packed/charset.jpg", "an encoding that is none", Photo, Body(Photo, "Content-Encoding: utf-8\r\n")),
        Row.Keeps("/packed/zstd.jpg", "zstd", Photo, Body(Packed.Zstd(Photo), "Content-Encoding: zstd\r\n")),
        Row.Keeps("/packed/zstd-frames.jpg", "zstd in two frames", Photo, Body([.. Packed.Zstd(Photo[..1000]), .. Packed.Zstd(Photo[1000..])], "Content-Encoding: zstd\r\n")),
        Row.Keeps("/packed/not-zstd.jpg", "says zstd and is none", Photo, Body(Photo, "Content-Encoding: zstd\r\n")),
        Row.Keeps("/packed/zstd-gzip.jpg", "zstd in gzip", Photo, Body(Packed.Gzip(Packed.Zstd(Photo)), "Content-Encoding: zstd, gzip\r\n")),
        Row.Ends("/packed/cut-zstd.jpg", "zstd cut short", "damaged", "the content encoding does not unpack", Body(Packed.Zstd(Photo)[..^100], "Content-Encoding: zstd\r\n")),
        Row.Ends("/packed/wide-zstd.jpg", "zstd that asks for 128 MB", "damaged", "the content encoding does not unpack", Body(Packed.ZstdOfWideWindow(Photo), "Content-Encoding: zstd\r\n")),
        Row.Keeps("/packed/unknown.jpg", "an unknown encoding that was not applied", Photo, Body(Photo, "Content-Encoding: aws-chunked, compress\r\n")),
        Row.Keeps("/packed/x-gzip.jpg", "x-gzip", Photo, Body(Packed.Gzip(Photo), "Content-Encoding: x-gzip\r\n")),
        Row.Keeps("/packed/twice.jpg", "gzip in gzip, in one header", Photo, Body(Packed.Gzip(Packed.Gzip(Photo)), "Content-Encoding: gzip, gzip\r\n")),
        Row.Keeps("/packed/two-headers.jpg", "Brotli in gzip, in two headers", Photo, Body(Packed.Gzip(Packed.Brotli(Photo)), "Content-Encoding: br\r\nContent-Encoding: gzip\r\n")),
        Row.Keeps("/packed/said-twice.jpg", "gzip, said twice", Photo, Body(Packed.Gzip(Photo), "Content-Encoding: gzip, gzip\r\n")),
        Row.Keeps("/packed/blank.jpg", "an encoding without a name", Photo, Body(Photo, "Content-Encoding: \r\n")),
        Row.Ends("/packed/six.jpg", "six encodings", "damaged", "the content encoding does not unpack", Body(Photos.Bad("png"), "Content-Encoding: br, br, br, br, br, br\r\n")),
        Row.Ends("/packed/html-gzip.jpg", "a page that calls itself gzip", "not_jpeg", "HTML", Body("<html>No</html>"u8.ToArray(), "Content-Encoding: gzip\r\n")),
        Row.Keeps("/packed/not-gzip.jpg", "says gzip and is none", Photo, Body(Photo, "Content-Encoding: gzip\r\n")),
        Row.Keeps("/packed/not-br.jpg", "says Brotli and is none", Photo, Body(Photo, "Content-Encoding: br\r\n")),
        Row.Keeps("/packed/not-deflate.jpg", "says deflate and is none", Photo, Body(Photo, "Content-Encoding: deflate\r\n")),
        Row.Ends("/packed/cut.jpg", "gzip cut short", "damaged", "the content encoding does not unpack", Body(Packed.Gzip(Photo)[..^100], "Content-Encoding: gzip\r\n")),
        Row.Ends("/packed/cut-br.jpg", "Brotli cut short", "damaged", "the content encoding does not unpack", Body(Packed.Brotli(Photo)[..^100], "Content-Encoding: br\r\n")),
        Row.Ends("/packed/cut-deflate.jpg", "deflate cut short", "damaged", "the content encoding does not unpack", Body(Packed.Zlib(Photo)[..^100], "Content-Encoding: deflate\r\n")),
        Row.Ends("/packed/unsaid.jpg", "gzip without saying so", "not_jpeg", "gzip", Body(Packed.Gzip(Photo))),
        Row.Ends("/packed/empty.jpg", "gzip of nothing", "empty", null, Body(Packed.Gzip([]), "Content-Encoding: gzip\r\n")),
        Row.Ends("/packed/png.jpg", "gzip of a PNG", "not_jpeg", "PNG", Body(Packed.Gzip(Photos.Bad("png")), "Content-Encoding: gzip\r\n")),
        Bomb("gzip", packed => new GZipStream(packed, CompressionLevel.Fastest)),
        Bomb("deflate", packed => new ZLibStream(packed, CompressionLevel.Fastest)),
        Bomb("zstd", packed => new CompressionStream(packed, leaveOpen: true)),
        Bomb("br", packed => new BrotliStream(packed, CompressionLevel.Fastest)),
    ];

    private static Row Bomb(string encoding, Func<Stream, Stream> pack)
    {
        // Made when it is first asked for: not every test wants to wait for it.
        var answer = new Lazy<Answer>(() => Body(Packed.Bomb(pack), $"Content-Encoding: {encoding}\r\n"));
        return Row.Ends($"/packed/bomb-{encoding}.jpg", $"256 MB in {encoding}", "too_large", null, exchange => answer.Value(exchange));
    }
}
