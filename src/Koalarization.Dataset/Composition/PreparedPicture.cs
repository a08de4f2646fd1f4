using System.Diagnostics.CodeAnalysis;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Dataset.Composition;

/// <summary>A resized picture, decoded once for both uses: the colours of its record, and gray for the network. Owned by one thread at a time.</summary>
public sealed class PreparedPicture : IDisposable
{
    /// <summary>Width and height that a record's picture has, in pixels.</summary>
    public const int Size = 299;

    /// <summary>The same in records as the original's code makes them (<see cref="RecordCompatibility.Original"/>).</summary>
    public const int OriginalSize = 224;

    private PreparedPicture(Picture rgb) => Rgb = rgb;

    /// <summary>[299, 299, 3] bytes, as TensorFlow decodes them by default.</summary>
    public Picture Rgb { get; }

    /// <summary>Reads and decodes the file of a resized picture.</summary>
    /// <param name="codec">The JPEG library.</param>
    /// <param name="path">The file.</param>
    /// <param name="sha256">What its hash must be, lower-case hex; null where that is not known.</param>
    /// <param name="prepared">The picture, to be disposed by the caller.</param>
    /// <param name="leftOut">Why there is none: <c>empty</c>, <c>not_jpeg</c>, <c>damaged</c>, <c>too_many_pixels</c>, <c>wrong_size</c>.</param>
    /// <param name="rule">Which pictures are whole.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It has another hash.</exception>
    public static bool TryRead(
        IJpegCodec codec,
        string path,
        string? sha256,
        [NotNullWhen(true)] out PreparedPicture? prepared,
        [NotNullWhen(false)] out LeftOutPicture? leftOut,
        PictureRule rule = PictureRule.Newest)
    {
        using FileBytes jpeg = FileBytes.Read(path);
        return sha256 is null || jpeg.Have(sha256)
            ? TryDecode(codec, Path.GetFileName(path), jpeg.Span, rule, out prepared, out leftOut)
            : throw new InvalidDataException($"{path} is not as it was written.");
    }

    /// <summary>Writes the picture's gray bytes, [299, 299].</summary>
    public void WriteGray(Span<byte> gray) => GrayConverter.Convert(Rgb.Pixels, gray);

    /// <summary>Gives the pixels back to their pool.</summary>
    public void Dispose() => Rgb.Dispose();

    private static bool TryDecode(
        IJpegCodec codec,
        string name,
        ReadOnlySpan<byte> jpeg,
        PictureRule rule,
        [NotNullWhen(true)] out PreparedPicture? prepared,
        [NotNullWhen(false)] out LeftOutPicture? leftOut)
    {
        prepared = null;
        if (!codec.TryDecode(jpeg, JpegDecodeOptions.ForRecords with { Rule = rule }, out Picture? rgb, out PictureRefusal? refusal))
        {
            leftOut = new LeftOutPicture(name, refusal.Fault.WireName(), refusal.Detail);
            return false;
        }

        if (rgb.Width != Size || rgb.Height != Size)
        {
            leftOut = new LeftOutPicture(name, "wrong_size", $"is {rgb.Width}x{rgb.Height}, not {Size}x{Size}");
            rgb.Dispose();
            return false;
        }

        (prepared, leftOut) = (new PreparedPicture(rgb), null);
        return true;
    }
}
