using TorchSharp;
using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>
/// Convolutions by cuDNN with biases, ReLU and residual sum inside: half of a GPU's time in this network goes to these when they are steps of their own.
/// TorchSharp does not show the two operations, so they are called through TorchScript.
/// </summary>
internal sealed class CudnnConvolutions(Device device, ScalarType type) : IConvolutionEngine
{
    // Disposing of a compilation unit leaks it: one for the process.
    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(
        """
        def convolve(x: Tensor, weights: Tensor, biases: Tensor, stride: int, top: int, left: int):
            return torch.cudnn_convolution_relu(x, weights, biases, [stride, stride], [top, left], [1, 1], 1)

        def add(sum: Tensor, x: Tensor, weights: Tensor, biases: Tensor, stride: int, top: int, left: int):
            return torch.cudnn_convolution_add_relu(x, weights, sum, 1, biases, [stride, stride], [top, left], [1, 1], 1)

        """));

    private readonly PlainConvolutions _plain = new(device, type);

    /// <inheritdoc/>
    public IConvolution Prepare(Filter filter, bool relu) => relu ? new Convolution(filter, device, type) : _plain.Prepare(filter, relu);

    private sealed class Convolution : IConvolution
    {
        private readonly Tensor _weights;
        private readonly Tensor _biases;
        private readonly Scalar[] _geometry;

        public Convolution(Filter filter, Device device, ScalarType type)
        {
            using var scope = NewDisposeScope();
            _weights = FilterTensors.ChannelsLast(filter).to(type).to(device).DetachFromDisposeScope();
            _biases = tensor(filter.Biases).to(type).to(device).DetachFromDisposeScope();
            _geometry = [.. new[] { filter.Shape.Stride, filter.Shape.Padding[0], filter.Shape.Padding[1] }.Select(number => number.ToScalar())];
        }

        public Tensor Apply(Tensor x) => Script.Value.invoke<Tensor>("convolve", [x, _weights, _biases, .. _geometry]);

        public void AddTo(Tensor sum, Tensor x)
        {
            using Tensor result = Script.Value.invoke<Tensor>("add", [sum, x, _weights, _biases, .. _geometry]);
            sum.set_(result);
        }

        public void Dispose()
        {
            _weights.Dispose();
            _biases.Dispose();
            Array.ForEach(_geometry, number => number.Dispose());
        }
    }
}
