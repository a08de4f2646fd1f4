using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Koalarization.Inception;

/// <summary>The network under libtorch, on the CPU or a GPU.</summary>
internal sealed class TorchEmbedder : IEmbedder
{
    private readonly InceptionResNetV2 _network;
    private readonly Device _device;
    private readonly ScalarType _type;
    private readonly Tensor _input;

    public TorchEmbedder(INetworkWeights weights, IConvolutionEngine engine, Device device, ScalarType type, EmbedderIdentity identity, int batchSize)
    {
        (Identity, BatchSize, _device, _type) = (identity, batchSize, device, type);
        using var scope = NewDisposeScope();
        using IDisposable noGradients = inference_mode();
        _network = new InceptionResNetV2(weights, engine);
        _input = zeros(batchSize, 1, InceptionResNetV2Shape.PictureSize, InceptionResNetV2Shape.PictureSize).DetachFromDisposeScope();

        // The first run packs the weights, so that no picture waits for it.
        Forward().Dispose();
    }

    public EmbedderIdentity Identity { get; }

    public int BatchSize { get; }

    public void Embed(IReadOnlyList<string> names, ReadOnlySpan<byte> gray, Span<float> logits)
    {
        BatchShape.Check(names.Count, BatchSize, gray.Length, logits.Length);
        using var scope = NewDisposeScope();
        using IDisposable noGradients = inference_mode();

        // What the unused rest of the batch holds does not matter: no picture's logits depend on another.
        GrayInput.Convert(gray, MemoryMarshal.Cast<byte, float>(_input.bytes));
        using Tensor result = Forward();
        MemoryMarshal.Cast<byte, float>(result.bytes)[..logits.Length].CopyTo(logits);
    }

    public void Dispose()
    {
        _network.Dispose();
        _input.Dispose();
    }

    /// <summary>[batch, 1001] in float32 in the machine's memory.</summary>
    private Tensor Forward()
    {
        using var scope = NewDisposeScope();
        Tensor logits = _network.Forward(_input.to(_device).to(_type));
        return logits.to(ScalarType.Float32).cpu().contiguous().MoveToOuterDisposeScope();
    }
}
