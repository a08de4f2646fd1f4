using Koalarization.Checkpoints;
using Koalarization.Checkpoints.Tensors;

namespace Koalarization.Inception.Weights;

/// <summary>
/// The weights of a TensorFlow checkpoint, V1 or V2. Whatever else it holds (moving averages, optimizer slots, AuxLogits, the step) is not looked at.
/// Safe from several threads; the checkpoint stays its opener's to dispose of, after the last read.
/// </summary>
public sealed class CheckpointWeights(Checkpoint checkpoint) : INetworkWeights
{
    /// <inheritdoc/>
    public string Identity => checkpoint.Sha256;

    /// <inheritdoc/>
    public bool IsRandom => false;

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">The checkpoint is damaged.</exception>
    public void Read(string variable, ReadOnlySpan<long> expectedShape, Span<float> destination)
    {
        string source = checkpoint.Files[0];
        if (!checkpoint.Tensors.TryGetValue(variable, out TensorInfo? tensor))
        {
            throw WeightsException.Missing(variable, source);
        }

        long[] shape = [.. tensor.Shape];
        if (!expectedShape.SequenceEqual(shape))
        {
            throw WeightsException.OtherShape(variable, source, shape, expectedShape);
        }

        if (tensor.ElementType != TensorElementType.Float32)
        {
            throw WeightsException.OtherType(variable, source, tensor.ElementType.ToString());
        }

        checkpoint.ReadFloats(variable, destination);
    }
}
