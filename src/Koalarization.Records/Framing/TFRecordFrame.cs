using System.Buffers.Binary;

namespace Koalarization.Records.Framing;

/// <summary>The bytes around a record's data: an eight-byte length with its masked checksum before, the data's after.</summary>
internal static class TFRecordFrame
{
    public const int LengthBytes = sizeof(ulong);
    public const int HeaderBytes = LengthBytes + sizeof(uint);
    public const int FooterBytes = sizeof(uint);

    public static void WriteHeader(Span<byte> header, ulong dataBytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(header, dataBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[LengthBytes..], MaskedCrc32C.Compute(header[..LengthBytes]));
    }

    public static void WriteFooter(Span<byte> footer, ReadOnlySpan<byte> data) =>
        BinaryPrimitives.WriteUInt32LittleEndian(footer, MaskedCrc32C.Compute(data));

    /// <summary>Reads a header's length; false when its checksum is another.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out ulong dataBytes)
    {
        dataBytes = BinaryPrimitives.ReadUInt64LittleEndian(header);
        return BinaryPrimitives.ReadUInt32LittleEndian(header[LengthBytes..]) == MaskedCrc32C.Compute(header[..LengthBytes]);
    }

    public static bool FooterMatches(ReadOnlySpan<byte> footer, ReadOnlySpan<byte> data) =>
        BinaryPrimitives.ReadUInt32LittleEndian(footer) == MaskedCrc32C.Compute(data);
}
