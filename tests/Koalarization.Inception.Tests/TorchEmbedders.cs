using Koalarization.Inception.Devices;
using Koalarization.Inception.Network;
using Koalarization.Inception.Weights;
using static TorchSharp.torch;

namespace Koalarization.Inception.Tests;

/// <summary>Embedders that <see cref="Embedders.Create"/> would not make here.</summary>
internal static class TorchEmbedders
{
    /// <summary>As on a machine without fused convolutions.</summary>
    public static IEmbedder Plain(INetworkWeights weights, int batchSize)
    {
        TorchRuntime.EnsureStarted();
        return new TorchEmbedder(
            weights,
            new PlainConvolutions(CPU, ScalarType.Float32),
            ScalarType.Float32,
            new EmbedderIdentity(weights.Identity, weights.IsRandom, EmbedPrecision.Fp32, "cpu", "plain"),
            batchSize,
            SlicePlan.ForCores(batchSize, Environment.ProcessorCount),
            CancellationToken.None);
    }
}
