using Koalarization.Harvest;
using Koalarization.Imaging;
using PictureFault = Koalarization.Harvest.PictureFault;

namespace Koalarization.Koala.Download;

/// <summary>Keeps a body when it decodes completely. Decoding takes a core: no more bodies are decoded at once than there are cores.</summary>
internal sealed class DecodesCompletely(IJpegCodec codec, long maxPixels) : IPictureCheck, IDisposable
{
    private readonly JpegDecodeOptions _options = JpegDecodeOptions.ForResizing with { MaxPixels = maxPixels };
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

    public async ValueTask<PictureFault?> CheckAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Check(body.Span), cancellationToken);
        }
        finally
        {
            _cores.Release();
        }
    }

    public void Dispose() => _cores.Dispose();

    private PictureFault? Check(ReadOnlySpan<byte> body)
    {
        if (codec.TryDecode(body, _options, out Picture? picture, out PictureRefusal? refusal))
        {
            picture.Dispose();
            return null;
        }

        FetchOutcomeKind kind = refusal.Fault switch
        {
            Imaging.PictureFault.Empty => FetchOutcomeKind.Empty,
            Imaging.PictureFault.NotJpeg => FetchOutcomeKind.NotJpeg,
            Imaging.PictureFault.TooManyPixels => FetchOutcomeKind.TooManyPixels,
            _ => FetchOutcomeKind.Damaged,
        };
        return new PictureFault(kind, refusal.Detail);
    }
}
