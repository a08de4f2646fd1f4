using Koalarization.Records.Framing;

namespace Koalarization.Records.Compression;

/// <summary>Recognises by a file's first bytes how it is compressed.</summary>
internal static class CompressionSignature
{
    /// <summary>
    /// How the file that begins with <paramref name="head"/> (twelve bytes, or all it has) is compressed.
    /// </summary>
    public static RecordCompression Detect(ReadOnlySpan<byte> head)
    {
        // A plain file begins with a length, whose low bytes may well be a signature's: its checksum decides first.
        if (head.Length >= TFRecordFrame.HeaderBytes && TFRecordFrame.TryReadHeader(head, out _))
        {
            return RecordCompression.None;
        }

        return head switch
        {
            [0x1F, 0x8B, ..] => RecordCompression.Gzip,
            [byte method, byte flags, ..] when (method & 0x0F) == 8 && ((method << 8) | flags) % 31 == 0 => RecordCompression.Zlib,
            _ => RecordCompression.None,
        };
    }
}
