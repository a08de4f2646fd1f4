using Koalarization.Imaging.Jpeg.Scans;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Jpeg;

/// <summary>What a picture file is, and what is wrong with it: for people.</summary>
/// <param name="Size">Width and height; null where there is no readable header.</param>
/// <param name="Coding"><c>baseline</c>, <c>extended</c>, <c>progressive</c>, <c>arithmetic</c>, <c>arithmetic progressive</c>; null likewise.</param>
/// <param name="Components">1, 3 or 4; null likewise.</param>
/// <param name="Sampling">Sampling factors of each component: <c>2x2 1x1 1x1</c>; null likewise.</param>
/// <param name="Metadata">Profile and orientation.</param>
/// <param name="Oddities">What is unusual with the file and costs no block, as ends of sentences that begin with its name.</param>
/// <param name="Refusal">Why it is not taken as a picture; null: it is.</param>
public sealed record JpegInspection(
    PictureSize? Size, string? Coding, int? Components, string? Sampling, JpegMetadata Metadata, IReadOnlyList<string> Oddities, PictureRefusal? Refusal)
{
    private static ReadOnlySpan<byte> Riff => "RIFF"u8;

    /// <summary>Decodes a file as <c>koala run</c> does, and looks at its parts.</summary>
    public static JpegInspection Of(IJpegCodec codec, ReadOnlySpan<byte> bytes, JpegDecodeOptions options)
    {
        if (codec.TryDecode(bytes, options, out Picture? picture, out PictureRefusal? refusal))
        {
            picture.Dispose();
        }

        JpegMetadata metadata = JpegMetadata.Read(bytes);
        if (!JpegHeader.TryRead(bytes, options, out JpegHeader? header, out _))
        {
            return new JpegInspection(Size: null, Coding: null, Components: null, Sampling: null, metadata, [], refusal);
        }

        Frame? frame = FrameOf(bytes);
        return new JpegInspection(
            header.Size, CodingOf(frame), header.Components,
            frame is null ? null : string.Join(' ', frame.Components.Select(component => $"{component.Across}x{component.Down}")),
            metadata, WholeJpeg.Read(bytes, header).Oddities, refusal);
    }

    /// <summary>Whether bytes begin as a JPEG does, or as another picture that no TFRecord can begin as.</summary>
    public static bool IsPicture(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0xFF, JpegMarker.StartOfImage]) || bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']) || bytes.StartsWith("GIF8"u8)
        || (bytes.StartsWith(Riff) && bytes.Length >= 12 && bytes[8..].StartsWith("WEBP"u8));

    private static Frame? FrameOf(ReadOnlySpan<byte> jpeg)
    {
        var walker = new JpegWalker(jpeg, passesShortSegments: true);
        while (walker.MoveNext())
        {
            if (JpegMarker.IsStartOfFrame(walker.Current.Marker))
            {
                return Frame.TryRead(walker.Current.Marker, jpeg[walker.Current.Body]);
            }
        }

        return null;
    }

    private static string? CodingOf(Frame? frame) => frame?.Marker switch
    {
        JpegMarker.StartOfFrameBaseline => "baseline",
        JpegMarker.StartOfFrameProgressive => "progressive",
        JpegMarker.StartOfFrameArithmetic => "arithmetic",
        JpegMarker.StartOfFrameArithmeticProgressive => "arithmetic progressive",
        null => null,
        _ => "extended",
    };
}
