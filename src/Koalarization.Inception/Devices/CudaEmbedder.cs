using System.Diagnostics;
using System.Runtime.InteropServices;
using Koalarization.Inception.Network;
using Koalarization.Inception.Weights;
using static TorchSharp.torch;

namespace Koalarization.Inception.Devices;

/// <summary>
/// The network on a GPU, on a stream of its own: two embedders of one GPU keep it busy, one copies and queues while the other computes.
/// Pictures cross the bus as bytes and become numbers there.
/// </summary>
internal sealed class CudaEmbedder : IEmbedder
{
    private readonly Device _device;
    private readonly CudaStream _stream;
    private readonly Layers _layers;
    private readonly InceptionResNetV2 _network;
    private readonly Tensor _pinned;
    private readonly Tensor _numbers;
    private readonly EmbedPhases? _phases;

    public CudaEmbedder(
        INetworkWeights weights, IConvolutionEngine engine, Device device, ScalarType type, EmbedderIdentity identity, int batchSize, EmbedPhases? phases,
        CancellationToken cancellation)
    {
        (Identity, BatchSize, _device, _phases) = (identity, batchSize, device, phases);
        _stream = new CudaStream(device.index);
        using IDisposable stream = _stream.Use();
        using var scope = NewDisposeScope();
        _layers = new Layers(weights, engine, InceptionResNetV2.Scope, cancellation);
        try
        {
            _network = new InceptionResNetV2(_layers);
            _pinned = zeros([batchSize, InceptionResNetV2Shape.PicturePixels], ScalarType.Byte).pin_memory().DetachFromDisposeScope();
            _numbers = tensor(GrayInput.Numbers).to(type).to(device).DetachFromDisposeScope();

            // cuDNN chooses its kernels at the first run: no picture waits for it, and what does not fit is known at once.
            Run(cancellation).Dispose();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public EmbedderIdentity Identity { get; }

    public int BatchSize { get; }

    public void Embed(IReadOnlyList<string> names, ReadOnlySpan<byte> gray, Span<float> logits, CancellationToken cancellation = default)
    {
        BatchShape.Check(names.Count, BatchSize, gray.Length, logits.Length);

        // What the unused rest of the batch holds does not matter: no picture's logits depend on another.
        gray.CopyTo(_pinned.bytes);
        using IDisposable stream = _stream.Use();
        using var scope = NewDisposeScope();
        MemoryMarshal.Cast<byte, float>(Run(cancellation).bytes)[..logits.Length].CopyTo(logits);
    }

    public void Dispose()
    {
        _layers.Dispose();
        _pinned?.Dispose();
        _numbers?.Dispose();
        _stream.Dispose();
    }

    private Tensor Run(CancellationToken cancellation)
    {
        using IDisposable noGradients = inference_mode();
        using var scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        Tensor pixels = _pinned.to(_device.type, _device.index, non_blocking: true).to_type(ScalarType.Int32).flatten();
        Tensor pictures = _numbers.index_select(0, pixels).view(BatchSize, 1, InceptionResNetV2Shape.PictureSize, InceptionResNetV2Shape.PictureSize);
        long uploaded = Reached();
        Tensor result = _network.Forward(pictures, cancellation);
        long computed = Reached();
        Tensor logits = result.to_type(ScalarType.Float32).cpu().MoveToOuterDisposeScope();
        if (_phases is { IsMeasuring: true })
        {
            _phases.Add(Stopwatch.GetElapsedTime(start, uploaded), Stopwatch.GetElapsedTime(uploaded, computed), Stopwatch.GetElapsedTime(computed));
        }

        return logits;
    }

    // Waits for the GPU while phases are measured.
    private long Reached()
    {
        if (_phases is { IsMeasuring: true })
        {
            _stream.Wait();
        }

        return Stopwatch.GetTimestamp();
    }
}
