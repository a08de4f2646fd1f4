using Koalarization.Cluster;
using Koalarization.Harvest;
using Koalarization.Imaging;
using PictureFault = Koalarization.Harvest.PictureFault;

namespace Koalarization.Koala.Download;

/// <summary>Keeps a body when it decodes completely. Decoding takes a core: no more bodies are decoded at once than there are cores.</summary>
internal sealed class DecodesCompletely(IJpegCodec codec, long maxPixels) : IPictureCheck, IDisposable
{
    private readonly CoreFitter _judge = new(codec, size: null, maxPixels, Environment.ProcessorCount);

    public async ValueTask<PictureFault?> CheckAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        (await _judge.FitAsync(body, cancellationToken)).Refusal is PictureRefusal refusal ? new PictureFault(refusal.Outcome(), refusal.Detail) : null;

    public void Dispose() => _judge.Dispose();
}
