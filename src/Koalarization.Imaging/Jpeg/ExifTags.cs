using System.Buffers.Binary;

namespace Koalarization.Imaging.Jpeg;

/// <summary>The EXIF tags that say how a picture is to be shown (EXIF 2.32; TIFF 6.0).</summary>
/// <param name="Orientation">1 to 8; 0: not said.</param>
/// <param name="IsAdobeRgb">Whether the colours are those of the DCF option file (R03), or its number is used.</param>
internal readonly record struct ExifTags(int Orientation, bool IsAdobeRgb)
{
    private const int OrientationTag = 0x0112;
    private const int ExifTag = 0x8769;
    private const int InteroperabilityTag = 0xA005;
    private const int ColourSpaceTag = 0xA001;
    private const int InteroperabilityIndexTag = 1;
    private const int AdobeRgb = 2;
    private const int EntryBytes = 12;

    /// <param name="tiff">The segment's contents behind its signature.</param>
    public static ExifTags Read(ReadOnlySpan<byte> tiff)
    {
        bool isLittle = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || (!isLittle && !tiff.StartsWith("MM\0*"u8)))
        {
            return default;
        }

        uint first = Number32(tiff[4..], isLittle);
        int orientation = Find(tiff, first, OrientationTag, isLittle) is { IsEmpty: false } entry ? Number16(entry[8..], isLittle) : 0;
        if (!Follow(tiff, first, ExifTag, isLittle, out uint exifAt))
        {
            return new ExifTags(orientation, IsAdobeRgb: false);
        }

        bool isAdobe = Find(tiff, exifAt, ColourSpaceTag, isLittle) is { IsEmpty: false } space && Number16(space[8..], isLittle) == AdobeRgb;
        if (Follow(tiff, exifAt, InteroperabilityTag, isLittle, out uint interoperability)
            && Find(tiff, interoperability, InteroperabilityIndexTag, isLittle) is { IsEmpty: false } index)
        {
            isAdobe |= index[8..].StartsWith("R03"u8);
        }

        return new ExifTags(orientation, isAdobe);
    }

    private static bool Follow(ReadOnlySpan<byte> tiff, uint directory, int tag, bool isLittle, out uint offset)
    {
        ReadOnlySpan<byte> entry = Find(tiff, directory, tag, isLittle);
        offset = entry.IsEmpty ? 0 : Number32(entry[8..], isLittle);
        return !entry.IsEmpty;
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> tiff, uint directory, int tag, bool isLittle)
    {
        if (directory > tiff.Length - 2)
        {
            return default;
        }

        int count = Number16(tiff[(int)directory..], isLittle);
        for (int i = 0; i < count; i++)
        {
            long at = directory + 2L + ((long)i * EntryBytes);
            if (at + EntryBytes > tiff.Length)
            {
                break;
            }

            ReadOnlySpan<byte> entry = tiff.Slice((int)at, EntryBytes);
            if (Number16(entry, isLittle) == tag)
            {
                return entry;
            }
        }

        return default;
    }

    private static int Number16(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Number32(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
