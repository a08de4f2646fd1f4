using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>Filters as tensors.</summary>
internal static class FilterTensors
{
    /// <summary>[out, in, height, width] in float32, stored channels-last.</summary>
    public static Tensor ChannelsLast(Filter filter)
    {
        ConvolutionShape shape = filter.Shape;

        // Stored [height, width, in, out]; channels-last is [out, height, width, in] in memory.
        Tensor stored = tensor(filter.Weights, shape.WeightShape);
        return stored.permute(3, 0, 1, 2).contiguous().permute(0, 3, 1, 2);
    }
}
