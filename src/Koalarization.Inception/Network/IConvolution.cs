using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>One convolution with its biases and, where the network has one, the ReLU behind it. Tensors are [N, C, H, W], stored channels-last.</summary>
internal interface IConvolution : IDisposable
{
    /// <summary>The convolution of <paramref name="x"/>, as a new tensor.</summary>
    Tensor Apply(Tensor x);

    /// <summary>Adds the convolution of <paramref name="x"/> to <paramref name="sum"/> in place; the ReLU comes after the addition.</summary>
    void AddTo(Tensor sum, Tensor x);
}
