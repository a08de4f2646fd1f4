using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>A convolution by oneDNN, with weights that are packed for one input shape. It owns the weights.</summary>
internal sealed class FusedConvolution(OneDnn oneDnn, ConvolutionShape shape, bool relu, Tensor packedWeights, Tensor biases) : IConvolution
{
    public Tensor Apply(Tensor x) => oneDnn.Convolve(x, packedWeights, biases, shape, relu);

    public void AddTo(Tensor sum, Tensor x) => oneDnn.ConvolveInto(sum, x, packedWeights, biases, shape, relu);

    public void Dispose() => packedWeights.Dispose();
}
