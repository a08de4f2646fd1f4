using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Koalarization.Inception.Network;

/// <summary>Convolutions by TorchSharp's own operations: any device, any number type.</summary>
internal sealed class PlainConvolutions(Device device, ScalarType type) : IConvolutionEngine
{
    public IConvolution Prepare(Filter filter, bool relu)
    {
        if (device.type != DeviceType.CPU || filter.Shape is not { KernelHeight: 1, KernelWidth: 1 })
        {
            return new Convolution(filter, relu, device, type);
        }

        // libtorch would use oneDNN here when it has several threads, which is wrong on some machines, see ConvolutionCheck.
        using var scope = NewDisposeScope();
        return new MatrixConvolution(filter.Shape, relu, FilterTensors.ChannelsLast(filter).to(type), tensor(filter.Biases).to(type));
    }

    private sealed class Convolution : IConvolution
    {
        private readonly ConvolutionShape _shape;
        private readonly bool _relu;
        private readonly Tensor _weights;
        private readonly Tensor _biases;

        public Convolution(Filter filter, bool relu, Device device, ScalarType type)
        {
            using var scope = NewDisposeScope();
            (_shape, _relu) = (filter.Shape, relu);
            _weights = FilterTensors.ChannelsLast(filter).to(type).to(device).DetachFromDisposeScope();
            _biases = tensor(filter.Biases).to(type).to(device).DetachFromDisposeScope();
        }

        public Tensor Apply(Tensor x)
        {
            Tensor y = functional.conv2d(x, _weights, _biases, _shape.Strides, _shape.Padding);
            return _relu ? y.relu_() : y;
        }

        public void AddTo(Tensor sum, Tensor x)
        {
            using var scope = NewDisposeScope();
            sum.add_(functional.conv2d(x, _weights, _biases, _shape.Strides, _shape.Padding));
            if (_relu)
            {
                sum.relu_();
            }
        }

        public void Dispose()
        {
            _weights.Dispose();
            _biases.Dispose();
        }
    }
}
