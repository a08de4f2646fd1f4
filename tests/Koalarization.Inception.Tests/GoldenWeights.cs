using Koalarization.Checkpoints;
using Koalarization.Inception.Weights;

namespace Koalarization.Inception.Tests;

/// <summary>The golden checkpoint and a network made of it, for all tests of one collection: loading takes a second.</summary>
public sealed class GoldenWeights : IDisposable
{
    private readonly Checkpoint _checkpoint = Checkpoint.Open(Golden.Unpacked("checkpoints/full_v1.ckpt"));

    public GoldenWeights()
    {
        Weights = new CheckpointWeights(_checkpoint);
        Embedder = Embedders.Create(Weights, Embedding.OnCpu());
    }

    public INetworkWeights Weights { get; }

    /// <summary>float32, batches of 8.</summary>
    public IEmbedder Embedder { get; }

    public void Dispose()
    {
        Embedder.Dispose();
        _checkpoint.Dispose();
    }
}
