using System.Text.Unicode;

namespace Koalarization.Harvest.Fetching;

/// <summary>Recognises by its first bytes a body that is no JPEG.</summary>
internal static class BodySignature
{
    private const int HeadBytes = 512;

    private static readonly (int Offset, byte[] Bytes, string Name)[] Known =
    [
        (0, [0x89, .. "PNG"u8], "PNG"),
        (0, "GIF8"u8.ToArray(), "GIF"),
        (8, "WEBP"u8.ToArray(), "WebP"),
        (4, "ftypavif"u8.ToArray(), "AVIF"),
        (4, "ftypheic"u8.ToArray(), "HEIC"),
        (4, "ftyp"u8.ToArray(), "MP4"),
        (4, "JXL "u8.ToArray(), "JPEG XL"),
        (4, "jP  "u8.ToArray(), "JPEG 2000"),
        (0, [0xFF, 0x0A], "JPEG XL"),
        (0, [0xFF, 0x4F, 0xFF, 0x51], "JPEG 2000"),
        (0, "BM"u8.ToArray(), "BMP"),
        (0, [(byte)'I', (byte)'I', 42, 0], "TIFF"),
        (0, [(byte)'M', (byte)'M', 0, 42], "TIFF"),
        (0, [0, 0, 1, 0], "icon"),
        (0, "8BPS"u8.ToArray(), "Photoshop"),
        (0, "%PDF"u8.ToArray(), "PDF"),
        (0, "FWS"u8.ToArray(), "Flash"),
        (0, "CWS"u8.ToArray(), "Flash"),
        (0, [0x1F, 0x8B], "gzip"),
        (0, "PK\u0003\u0004"u8.ToArray(), "zip"),
    ];

    private static readonly string[] HtmlBeginnings = ["<!doctype html", "<html", "<head", "<body", "<script", "<title", "<meta", "<!--", "<h1", "<p", "<div", "<br", "<table"];

    /// <summary>Whether a body begins FF D8 FF.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> body) => body is [0xFF, 0xD8, 0xFF, ..];

    /// <summary>Whether a body begins as a JPEG and ends with its end marker, padding aside.</summary>
    public static bool IsJpegToItsEnd(ReadOnlySpan<byte> body) => IsJpeg(body) && body.TrimEnd("\0\r\n "u8) is [_, _, _, .., 0xFF, 0xD9];

    /// <summary>What a body that is no JPEG is: HTML, PNG, ... or <c>unknown</c>.</summary>
    public static string NameOf(ReadOnlySpan<byte> body)
    {
        foreach ((int offset, byte[] bytes, string name) in Known)
        {
            if (body.Length > offset && body[offset..].StartsWith(bytes))
            {
                return name;
            }
        }

        return TextNameOf(body[..Math.Min(body.Length, HeadBytes)]);
    }

    private static string TextNameOf(ReadOnlySpan<byte> head)
    {
        bool isText = head.IndexOfAnyInRange((byte)0, (byte)8) < 0 && Utf8.IsValid(WholeCharacters(head));
        string text = System.Text.Encoding.Latin1.GetString(head).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        if (HtmlBeginnings.Any(beginning => text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)))
        {
            return "HTML";
        }

        if (!isText)
        {
            return "unknown";
        }

        return text switch
        {
            _ when text.Contains("<svg", StringComparison.OrdinalIgnoreCase) => "SVG",
            _ when text.Contains("<html", StringComparison.OrdinalIgnoreCase) => "HTML",
            ['<', ..] => "XML",
            ['{' or '[', ..] => "JSON",
            _ => "text",
        };
    }

    /// <summary>A head without the beginning of a character that the cut may have left at its end.</summary>
    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> head)
    {
        int end = head.Length;
        while (head.Length == HeadBytes && end > HeadBytes - 3 && head[end - 1] >= 0x80)
        {
            end--;
        }

        return head[..end];
    }
}
