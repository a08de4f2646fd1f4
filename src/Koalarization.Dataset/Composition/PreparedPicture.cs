using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging;

namespace Koalarization.Dataset;

/// <summary>A resized picture, decoded for its record: colours, and gray for the network. Owned by one thread at a time.</summary>
public sealed class PreparedPicture : IDisposable
{
    /// <summary>Width and height that a record's picture has, in pixels.</summary>
    public const int Size = 299;

    private readonly byte[] _gray;

    private PreparedPicture(Picture rgb)
    {
        Rgb = rgb;
        _gray = ArrayPool<byte>.Shared.Rent(Size * Size);
        GrayConverter.Convert(rgb.Pixels, _gray.AsSpan(0, Size * Size));
    }

    /// <summary>[299, 299, 3] bytes, as TensorFlow decodes them by default.</summary>
    public Picture Rgb { get; }

    /// <summary>[299, 299] gray bytes.</summary>
    public ReadOnlySpan<byte> Gray => _gray.AsSpan(0, Size * Size);

    /// <summary>Decodes the bytes of a resized picture.</summary>
    /// <param name="codec">The JPEG library.</param>
    /// <param name="jpeg">The file's bytes.</param>
    /// <param name="prepared">The picture, to be disposed by the caller.</param>
    /// <param name="reason">Why there is none, in a word: <c>empty</c>, <c>not_jpeg</c>, <c>damaged</c>, <c>too_many_pixels</c>, <c>wrong_size</c>.</param>
    /// <param name="detail">More of it, for a person.</param>
    public static bool TryPrepare(
        IJpegCodec codec,
        ReadOnlySpan<byte> jpeg,
        [NotNullWhen(true)] out PreparedPicture? prepared,
        [NotNullWhen(false)] out string? reason,
        [NotNullWhen(false)] out string? detail)
    {
        prepared = null;
        if (!codec.TryDecode(jpeg, JpegDecodeOptions.ForRecords, out Picture? rgb, out PictureRefusal? refusal))
        {
            reason = refusal.Fault.WireName();
            detail = refusal.Detail;
            return false;
        }

        if (rgb.Width != Size || rgb.Height != Size)
        {
            reason = "wrong_size";
            detail = $"is {rgb.Width}x{rgb.Height}, not {Size}x{Size}";
            rgb.Dispose();
            return false;
        }

        (prepared, reason, detail) = (new PreparedPicture(rgb), null, null);
        return true;
    }

    /// <summary>Gives the pixels back to their pools.</summary>
    public void Dispose()
    {
        Rgb.Dispose();
        ArrayPool<byte>.Shared.Return(_gray);
    }
}
