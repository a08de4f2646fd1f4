using Koalarization.Cluster;
using Koalarization.Harvest;
using Koalarization.Imaging;

namespace Koalarization.Koala.Download;

/// <summary>Keeps a body when it decodes completely. Decoding takes a core: no more bodies are decoded at once than there are cores.</summary>
internal sealed class DecodesCompletely(IJpegCodec codec, long maxPixels) : IPictureCheck, IDisposable
{
    private readonly CoreFitter _judge = new(codec, size: null, maxPixels, Environment.ProcessorCount);

    public async ValueTask<BodyRefusal?> CheckAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        (await _judge.FitAsync(body, cancellationToken)).Refusal is PictureRefusal refusal ? new BodyRefusal(refusal.Outcome(), refusal.Detail) : null;

    public void Dispose() => _judge.Dispose();
}
