using System.Buffers;
using Koalarization.Imaging;

namespace Koalarization.Cluster;

/// <summary>Fits pictures in this process, as many at once as there are cores for it.</summary>
/// <param name="codec">The JPEG library.</param>
/// <param name="size">The size of every result; null: pictures are only judged.</param>
/// <param name="maxPixels">Most pixels a header may claim.</param>
/// <param name="parallel">Pictures at once.</param>
internal sealed class CoreFitter(IJpegCodec codec, PictureSize? size, long maxPixels, int parallel) : IPictureFitter, IDisposable
{
    // What a resized picture of the usual size takes at most; a larger one grows.
    private const int FirstBytes = 1 << 15;

    private readonly PictureResizer? _resizer = size is PictureSize target ? new PictureResizer(codec, target, maxPixels) : null;
    private readonly SemaphoreSlim _cores = new(parallel);

    public async ValueTask<FittedPicture> FitAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation)
    {
        await _cores.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Fit(jpeg.Span), cancellation);
        }
        finally
        {
            _cores.Release();
        }
    }

    /// <summary>Fits one picture on the caller's thread.</summary>
    public FittedPicture Fit(ReadOnlySpan<byte> jpeg)
    {
        if (_resizer is null)
        {
            return Judge(jpeg);
        }

        var resized = new ArrayBufferWriter<byte>(FirstBytes);
        return _resizer.TryResize(jpeg, resized, out PictureSize source, out PictureRefusal? refusal)
            ? new FittedPicture(source, resized.WrittenMemory, Refusal: null)
            : FittedPicture.Refused(refusal);
    }

    public void Dispose() => _cores.Dispose();

    private FittedPicture Judge(ReadOnlySpan<byte> jpeg)
    {
        if (!codec.TryDecode(jpeg, JpegDecodeOptions.ForResizing with { MaxPixels = maxPixels }, out Picture? picture, out PictureRefusal? refusal))
        {
            return FittedPicture.Refused(refusal);
        }

        using (picture)
        {
            return new FittedPicture(picture.Size, default, Refusal: null);
        }
    }
}
