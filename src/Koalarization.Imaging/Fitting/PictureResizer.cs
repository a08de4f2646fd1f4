using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Fitting;

/// <summary>Resizing one picture: JPEG bytes in, JPEG bytes out, or a refusal. Thread-safe; synchronous CPU work.</summary>
public sealed class PictureResizer
{
    /// <summary>Pillow's default, and so the original's.</summary>
    public const int DefaultQuality = 75;

    private readonly IJpegCodec _codec;
    private readonly PictureFitter _fitter;
    private readonly JpegDecodeOptions _options;

    /// <param name="codec">Decodes and encodes.</param>
    /// <param name="target">The size of every result, both sides at least 1.</param>
    /// <param name="maxPixels">Most pixels a header may claim.</param>
    /// <param name="rule">Which originals are whole.</param>
    public PictureResizer(IJpegCodec codec, PictureSize target, long maxPixels = 100_000_000, PictureRule rule = PictureRule.Newest)
    {
        _codec = codec;
        _fitter = new PictureFitter(target);
        _options = JpegDecodeOptions.ForResizing with { MaxPixels = maxPixels, Rule = rule };
    }

    /// <summary>The size of every result.</summary>
    public PictureSize Target => _fitter.Target;

    /// <summary>Appends the resized picture's JPEG to <paramref name="destination"/>; writes nothing when the bytes are refused.</summary>
    /// <param name="jpeg">The original's bytes.</param>
    /// <param name="destination">Where the resized picture's bytes go.</param>
    /// <param name="source">The original's size; default when refused.</param>
    /// <param name="refusal">Why there is no picture.</param>
    public bool TryResize(
        ReadOnlySpan<byte> jpeg, IBufferWriter<byte> destination, out PictureSize source, [NotNullWhen(false)] out PictureRefusal? refusal)
    {
        if (!_codec.TryDecode(jpeg, _options, out Picture? decoded, out refusal))
        {
            source = default;
            return false;
        }

        source = decoded.Size;
        using Picture framed = _fitter.Fit(decoded);
        _codec.Encode(framed, DefaultQuality, destination);
        return true;
    }
}
