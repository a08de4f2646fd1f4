using System.Runtime.InteropServices;
using Koalarization.Inception.Network;
using Koalarization.Inception.Weights;
using static TorchSharp.torch;

namespace Koalarization.Inception.Devices;

/// <summary>The network under libtorch on the CPU, a slice of the batch for each core at a time.</summary>
internal sealed class TorchEmbedder : IEmbedder
{
    private readonly SlicePlan _plan;
    private readonly ScalarType _type;
    private readonly SliceThreads _crew;
    private readonly Layers _layers;
    private readonly InceptionResNetV2 _network;
    private readonly Tensor[] _inputs;

    public TorchEmbedder(
        INetworkWeights weights, IConvolutionEngine engine, ScalarType type, EmbedderIdentity identity, int batchSize, SlicePlan plan,
        CancellationToken cancellation = default)
    {
        (Identity, BatchSize, _type, _plan) = (identity, batchSize, type, plan);
        _layers = new Layers(weights, engine, InceptionResNetV2.Scope, cancellation);
        try
        {
            _network = new InceptionResNetV2(_layers);
        }
        catch
        {
            _layers.Dispose();
            throw;
        }

        _inputs = [.. Enumerable.Range(0, plan.Threads).Select(_ => zeros(
            plan.PicturesPerSlice, 1, InceptionResNetV2Shape.PictureSize, InceptionResNetV2Shape.PictureSize).DetachFromDisposeScope())];

        // Kernels see one core: there is a thread for each. Torch keeps the number by thread.
        _crew = new SliceThreads(plan.Threads, static () => set_num_threads(1));

        // The first run packs the weights and checks the layers, so that no picture waits for it.
        try
        {
            _crew.Run(1, (member, _) => Run(_inputs[member], MadeUpPictures(plan.PicturesPerSlice), [], cancellation), cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }

        TorchRuntime.ReturnFreeMemory();
    }

    public EmbedderIdentity Identity { get; }

    public int BatchSize { get; }

    public unsafe void Embed(IReadOnlyList<string> names, ReadOnlySpan<byte> gray, Span<float> logits, CancellationToken cancellation = default)
    {
        BatchShape.Check(names.Count, BatchSize, gray.Length, logits.Length);
        int pictures = names.Count;
        fixed (byte* grayStart = gray)
        fixed (float* logitsStart = logits)
        {
            (nint grayAddress, nint logitsAddress) = ((nint)grayStart, (nint)logitsStart);
            _crew.Run(_plan.SlicesOf(pictures), (member, slice) =>
            {
                int first = slice * _plan.PicturesPerSlice;
                int count = Math.Min(_plan.PicturesPerSlice, pictures - first);
                Run(
                    _inputs[member],
                    new ReadOnlySpan<byte>((byte*)grayAddress + first * InceptionResNetV2Shape.PicturePixels, count * InceptionResNetV2Shape.PicturePixels),
                    new Span<float>((float*)logitsAddress + first * InceptionResNetV2Shape.Logits, count * InceptionResNetV2Shape.Logits),
                    cancellation);
            }, cancellation);
        }
    }

    public void Dispose()
    {
        _crew.Dispose();
        _layers.Dispose();
        foreach (Tensor input in _inputs)
        {
            input.Dispose();
        }
    }

    /// <summary>Pixels without a pattern, so that no weight meets zeros only.</summary>
    private static byte[] MadeUpPictures(int pictures)
    {
        var gray = new byte[pictures * InceptionResNetV2Shape.PicturePixels];
        for (int i = 0; i < gray.Length; i++)
        {
            gray[i] = (byte)(SplitMix64.Uniform(1, i) * 127 + 128);
        }

        return gray;
    }

    private void Run(Tensor input, ReadOnlySpan<byte> gray, Span<float> logits, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = inference_mode();

        // What the unused rest of the slice holds does not matter: no picture's logits depend on another.
        GrayInput.Convert(gray, MemoryMarshal.Cast<byte, float>(input.bytes));
        Tensor result = _network.Forward(input.to(_type), cancellation).to(ScalarType.Float32).contiguous();
        MemoryMarshal.Cast<byte, float>(result.bytes)[..logits.Length].CopyTo(logits);
    }
}

/// <summary>The network's input for a gray byte g: 2 (g/255) - 1 in float32.</summary>
internal static class GrayInput
{
    private static readonly float[] Table = Numbers;

    /// <summary>The numbers of all bytes.</summary>
    public static float[] Numbers => [.. Enumerable.Range(0, 256).Select(gray => Of((byte)gray))];

    /// <summary>One byte's number.</summary>
    public static float Of(byte gray) => (gray / 255f) * 2f - 1f;

    /// <summary>Each byte's number, in order.</summary>
    public static void Convert(ReadOnlySpan<byte> gray, Span<float> input)
    {
        for (int i = 0; i < gray.Length; i++)
        {
            input[i] = Table[gray[i]];
        }
    }
}
