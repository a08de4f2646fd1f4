using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>
/// Convolutions by oneDNN with biases, ReLU and residual sum inside, through libtorch's C interface, which TorchSharp does not show.
/// Weights are packed for one input shape, by the first run.
/// </summary>
internal sealed class FusedConvolutions(OneDnn oneDnn, ScalarType type) : IConvolutionEngine
{
    public IConvolution Prepare(Filter filter, bool relu) => new Convolution(oneDnn, filter, relu, type);

    private sealed class Convolution : IConvolution
    {
        private readonly OneDnn _oneDnn;
        private readonly ConvolutionShape _shape;
        private readonly bool _relu;
        private readonly Tensor _biases;
        private Tensor _weights;
        private bool _isPacked;

        public Convolution(OneDnn oneDnn, Filter filter, bool relu, ScalarType type)
        {
            using var scope = NewDisposeScope();
            (_oneDnn, _shape, _relu) = (oneDnn, filter.Shape, relu);
            _weights = FilterTensors.ChannelsLast(filter).to(type).DetachFromDisposeScope();
            _biases = tensor(filter.Biases).to(type).DetachFromDisposeScope();
        }

        public Tensor Apply(Tensor x)
        {
            PackFor(x);
            return _oneDnn.Convolve(x, _weights, _biases, _shape, _relu);
        }

        public void AddTo(Tensor sum, Tensor x)
        {
            PackFor(x);
            _oneDnn.ConvolveInto(sum, x, _weights, _biases, _shape, _relu);
        }

        public void Dispose()
        {
            _weights.Dispose();
            _biases.Dispose();
        }

        private void PackFor(Tensor x)
        {
            if (_isPacked)
            {
                return;
            }

            Tensor packed = OneDnnPacking.Pack(_weights, _shape, x.shape);
            _weights.Dispose();
            (_weights, _isPacked) = (packed, true);
        }
    }
}
