using Koalarization.Harvest.Fetching;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Pipeline.Links;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Download;

/// <summary>Accepts a body when it decodes completely. At most as many bodies are decoded at once as there are cores.</summary>
internal sealed class DecodesCompletely(IJpegCodec codec, long maxPixels) : IPictureCheck, IDisposable
{
    private readonly InProcessResizer _decoder = new(codec, size: null, maxPixels);
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

    public async ValueTask<BodyRefusal?> CheckAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            ResizedPicture decoded = await Task.Run(() => _decoder.Resize(body.Span), cancellationToken);
            return decoded.Refusal is PictureRefusal refusal ? new BodyRefusal(refusal.Outcome(), refusal.Detail) : null;
        }
        finally
        {
            _cores.Release();
        }
    }

    public void Dispose() => _cores.Dispose();
}
