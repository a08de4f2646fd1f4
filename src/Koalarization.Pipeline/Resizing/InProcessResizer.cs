using System.Buffers;
using Koalarization.Imaging.Fitting;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Pipeline.Resizing;

/// <summary>Decodes and resizes pictures on the caller's thread: in the plain steps, on a fetch node, and in a sandbox. Thread-safe.</summary>
/// <param name="codec">The JPEG library.</param>
/// <param name="size">The size of every result; null: pictures are only decoded.</param>
/// <param name="maxPixels">Most pixels a header may claim.</param>
/// <param name="rule">Which originals are whole.</param>
internal sealed class InProcessResizer(IJpegCodec codec, PictureSize? size, long maxPixels, PictureRule rule = PictureRule.Newest)
{
    // A resized picture of 299x299 takes less; a larger one grows.
    private const int InitialBytes = 1 << 15;

    private readonly PictureResizer? _resizer = size is PictureSize target ? new PictureResizer(codec, target, maxPixels, rule) : null;

    public ResizedPicture Resize(ReadOnlySpan<byte> jpeg)
    {
        if (_resizer is null)
        {
            return Decode(jpeg);
        }

        var resized = new ArrayBufferWriter<byte>(InitialBytes);
        return _resizer.TryResize(jpeg, resized, out PictureSize source, out PictureRefusal? refusal)
            ? new ResizedPicture(source, resized.WrittenMemory, Refusal: null)
            : ResizedPicture.Refused(refusal);
    }

    private ResizedPicture Decode(ReadOnlySpan<byte> jpeg)
    {
        if (!codec.TryDecode(jpeg, JpegDecodeOptions.ForResizing with { MaxPixels = maxPixels, Rule = rule }, out Picture? picture, out PictureRefusal? refusal))
        {
            return ResizedPicture.Refused(refusal);
        }

        using (picture)
        {
            return new ResizedPicture(picture.Size, default, Refusal: null);
        }
    }
}
