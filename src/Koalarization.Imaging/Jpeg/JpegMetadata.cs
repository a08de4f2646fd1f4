using System.Buffers.Binary;
using System.Text;

namespace Koalarization.Imaging.Jpeg;

/// <summary>What a JPEG says of its colours and its upright side. Neither is applied to the pixels: they are counted.</summary>
/// <param name="Profile">The name of its colour profile: as the ICC profile has it, or <c>Adobe RGB (EXIF)</c>; null: none, which means sRGB.</param>
/// <param name="Orientation">EXIF's orientation, 2 to 8: mirrored or rotated; null: upright, or not said.</param>
public sealed record JpegMetadata(string? Profile, int? Orientation)
{
    /// <summary>The name of an ICC profile that has none.</summary>
    public const string UnnamedProfile = "unnamed";

    private const string AdobeRgbByExif = "Adobe RGB (EXIF)";
    private const byte ExifSegment = 0xE1;
    private const byte IccSegment = 0xE2;
    private const int LongestName = 64;
    private const int LargestProfile = 1 << 24;

    private static ReadOnlySpan<byte> IccSignature => "ICC_PROFILE\0"u8;

    private static ReadOnlySpan<byte> ExifSignature => "Exif\0"u8;

    /// <summary>Reads it from the segments before the first scan; never throws for what the bytes hold.</summary>
    public static JpegMetadata Read(ReadOnlySpan<byte> jpeg)
    {
        if (FileKind.RefuseUnlessJpeg(jpeg) is not null)
        {
            return new JpegMetadata(Profile: null, Orientation: null);
        }

        var parts = new SortedDictionary<byte, Range>();
        Range exif = default;
        var walker = new JpegWalker(jpeg, passesShortSegments: true);
        while (walker.MoveNext() && walker.Current.Marker != JpegMarker.StartOfScan)
        {
            JpegSegment segment = walker.Current;
            ReadOnlySpan<byte> body = jpeg[segment.Body];
            if (segment.Marker == IccSegment && body.StartsWith(IccSignature) && body.Length > IccSignature.Length + 2)
            {
                parts.TryAdd(body[IccSignature.Length], (segment.Body.Start.Value + IccSignature.Length + 2)..segment.Body.End);
            }
            else if (segment.Marker == ExifSegment && exif.Equals(default) && body.StartsWith(ExifSignature) && body.Length > ExifSignature.Length + 1)
            {
                exif = (segment.Body.Start.Value + ExifSignature.Length + 1)..segment.Body.End;
            }
        }

        ExifTags tags = ExifTags.Read(jpeg[exif]);
        return new JpegMetadata(
            parts.Count > 0 ? ProfileName(Join(jpeg, parts.Values)) : tags.IsAdobeRgb ? AdobeRgbByExif : null,
            tags.Orientation is >= 2 and <= 8 ? tags.Orientation : null);
    }

    private static byte[] Join(ReadOnlySpan<byte> jpeg, IEnumerable<Range> parts)
    {
        using var profile = new MemoryStream();
        foreach (Range part in parts)
        {
            if (profile.Length < LargestProfile)
            {
                profile.Write(jpeg[part]);
            }
        }

        return profile.ToArray();
    }

    // ICC.1: a table of tags behind 128 bytes; "desc" is a text (version 2) or a text in many languages (version 4).
    private static string ProfileName(ReadOnlySpan<byte> profile)
    {
        const int Header = 128, Tag = 12;
        uint tags = profile.Length >= Header + 4 ? BinaryPrimitives.ReadUInt32BigEndian(profile[Header..]) : 0;
        for (int i = 0; i < Math.Min(tags, 100) && Header + 4 + ((i + 1) * Tag) <= profile.Length; i++)
        {
            ReadOnlySpan<byte> tag = profile.Slice(Header + 4 + (i * Tag), Tag);
            uint offset = BinaryPrimitives.ReadUInt32BigEndian(tag[4..]);
            if (tag.StartsWith("desc"u8) && offset < profile.Length)
            {
                return Cleaned(Description(profile[(int)offset..]));
            }
        }

        return UnnamedProfile;
    }

    private static string Description(ReadOnlySpan<byte> tag)
    {
        const int TextOffset = 12, RecordOffset = 16, RecordBytes = 12;
        if (tag.StartsWith("desc"u8) && tag.Length > TextOffset)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(tag[8..]);
            return Encoding.Latin1.GetString(tag[TextOffset..][..(int)Math.Min(length, tag.Length - TextOffset)]);
        }

        if (tag.StartsWith("mluc"u8) && tag.Length >= RecordOffset + RecordBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(tag[(RecordOffset + 4)..]);
            uint offset = BinaryPrimitives.ReadUInt32BigEndian(tag[(RecordOffset + 8)..]);
            return offset < tag.Length
                ? Encoding.BigEndianUnicode.GetString(tag[(int)offset..][..(int)Math.Min(length, tag.Length - offset)])
                : "";
        }

        return "";
    }

    // The name goes into tables and sentences.
    private static string Cleaned(string name)
    {
        int end = name.IndexOf('\0', StringComparison.Ordinal);
        string text = new([.. (end < 0 ? name : name[..end]).Select(letter => char.IsAsciiLetterOrDigit(letter) || " ()._-+".Contains(letter, StringComparison.Ordinal) ? letter : ' ')]);
        text = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return text.Length == 0 ? UnnamedProfile : text[..Math.Min(text.Length, LongestName)].TrimEnd();
    }
}
