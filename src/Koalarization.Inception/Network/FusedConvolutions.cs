using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>
/// Convolutions by oneDNN with biases, ReLU and residual sum inside, through libtorch's C interface, which TorchSharp does not show.
/// The first run packs each layer's weights for its input shape and checks its result: where oneDNN computes a layer wrongly, it is a matrix product from then on.
/// </summary>
internal sealed class FusedConvolutions(OneDnn oneDnn, ScalarType type) : IConvolutionEngine
{
    public IConvolution Prepare(Filter filter, bool relu)
    {
        using var scope = NewDisposeScope();
        return new CheckedConvolution(
            oneDnn,
            filter.Shape,
            relu,
            FilterTensors.ChannelsLast(filter).to(type).DetachFromDisposeScope(),
            tensor(filter.Biases).to(type).DetachFromDisposeScope());
    }

    private sealed class CheckedConvolution(OneDnn oneDnn, ConvolutionShape shape, bool relu, Tensor weights, Tensor biases) : IConvolution
    {
        private IConvolution? _chosen;

        public Tensor Apply(Tensor x)
        {
            if (_chosen is not null)
            {
                return _chosen.Apply(x);
            }

            Tensor? y = null;
            _chosen = Choose(x, candidate =>
            {
                y?.Dispose();
                y = candidate.Apply(x);
                return ConvolutionCheck.IsRight(y, x, weights, biases, shape, relu);
            });
            return y!;
        }

        public void AddTo(Tensor sum, Tensor x)
        {
            if (_chosen is not null)
            {
                _chosen.AddTo(sum, x);
                return;
            }

            using Tensor before = sum.clone();
            _chosen = Choose(x, candidate =>
            {
                sum.copy_(before);
                candidate.AddTo(sum, x);
                return ConvolutionCheck.IsRight(sum, x, weights, biases, shape, relu, before);
            });
        }

        public void Dispose()
        {
            _chosen?.Dispose();
            weights.Dispose();
            biases.Dispose();
        }

        private IConvolution Choose(Tensor x, Func<IConvolution, bool> isRight)
        {
            IConvolution chosen = new FusedConvolution(oneDnn, shape, relu, OneDnnPacking.Pack(weights, shape, x.shape), biases);
            if (!isRight(chosen))
            {
                chosen.Dispose();
                var matrix = new MatrixConvolution(shape, relu, weights, biases);
                chosen = isRight(matrix) ? matrix : throw new InvalidOperationException($"libtorch computes a convolution wrongly on this machine ({shape}).");
            }

            weights.Dispose();
            return chosen;
        }
    }
}
