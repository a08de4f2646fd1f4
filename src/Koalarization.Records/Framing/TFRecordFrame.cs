using System.Buffers.Binary;

namespace Koalarization.Records.Framing;

/// <summary>The bytes around a record's data: an eight-byte length with its masked checksum before, the data's after.</summary>
public static class TFRecordFrame
{
    /// <summary>Of the length.</summary>
    public const int LengthBytes = sizeof(ulong);
    /// <summary>Of the length and its checksum.</summary>
    public const int HeaderBytes = LengthBytes + sizeof(uint);
    /// <summary>Of the data's checksum.</summary>
    public const int FooterBytes = sizeof(uint);

    /// <summary>Writes what precedes the data.</summary>
    public static void WriteHeader(Span<byte> header, ulong dataBytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(header, dataBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[LengthBytes..], MaskedCrc32C.Compute(header[..LengthBytes]));
    }

    /// <summary>Writes what follows the data.</summary>
    public static void WriteFooter(Span<byte> footer, ReadOnlySpan<byte> data) =>
        BinaryPrimitives.WriteUInt32LittleEndian(footer, MaskedCrc32C.Compute(data));

    /// <summary>Reads a header's length; false when its checksum is another.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out ulong dataBytes)
    {
        dataBytes = BinaryPrimitives.ReadUInt64LittleEndian(header);
        return BinaryPrimitives.ReadUInt32LittleEndian(header[LengthBytes..]) == MaskedCrc32C.Compute(header[..LengthBytes]);
    }

    /// <summary>Whether a footer is that of the data.</summary>
    public static bool FooterMatches(ReadOnlySpan<byte> footer, ReadOnlySpan<byte> data) =>
        BinaryPrimitives.ReadUInt32LittleEndian(footer) == MaskedCrc32C.Compute(data);
}
