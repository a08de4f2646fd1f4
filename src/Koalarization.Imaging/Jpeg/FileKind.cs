using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Jpeg;

/// <summary>Distinguishes a JPEG from what links give instead, by the first bytes.</summary>
internal static class FileKind
{
    /// <summary>Null when the bytes begin FF D8 FF; otherwise what they are.</summary>
    public static PictureRefusal? RefuseUnlessJpeg(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return new PictureRefusal(PictureFault.Empty, "is empty");
        }

        return bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? null : new PictureRefusal(PictureFault.NotJpeg, Describe(bytes));
    }

    private static string Describe(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']))
        {
            return "is a PNG";
        }

        if (bytes.StartsWith("GIF8"u8))
        {
            return "is a GIF";
        }

        if (bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..].StartsWith("WEBP"u8))
        {
            return "is a WebP";
        }

        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftypavif"u8))
        {
            return "is an AVIF";
        }

        if (bytes.StartsWith("BM"u8))
        {
            return "is a BMP";
        }

        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8))
        {
            return "is a TIFF";
        }

        if (bytes.StartsWith<byte>([0x1F, 0x8B]))
        {
            return "is gzip data";
        }

        ReadOnlySpan<byte> text = bytes.TrimStart(" \t\r\n\uFEFF"u8);
        if (text.StartsWith("<"u8))
        {
            return "is HTML or XML";
        }

        return text.StartsWith<byte>([0xFF, 0xD8]) && text.Length < bytes.Length
            ? "has white space before its JPEG"
            : "is not a JPEG";
    }
}
