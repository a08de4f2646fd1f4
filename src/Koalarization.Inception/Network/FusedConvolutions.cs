using TorchSharp;
using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>
/// Convolutions by oneDNN with biases, ReLU and residual sum inside, through libtorch's C interface, which TorchSharp does not show.
/// The first run packs each layer's weights for its input shape and checks its result: where oneDNN computes a layer wrongly, it is a matrix product from then on.
/// </summary>
internal sealed class FusedConvolutions(OneDnn oneDnn, ScalarType type) : IConvolutionEngine
{
    // Brings weights into the layout that oneDNN likes best for one input shape; only TorchScript can do it. Compiled once for the process: disposing of a compilation unit leaks it.
    private static readonly Lazy<jit.CompilationUnit> PackingScript = new(() => jit.compile(
        """
        def pack(weights: Tensor, top: int, left: int, stride: int, n: int, c: int, h: int, w: int):
            return torch.mkldnn_reorder_conv2d_weight(weights.to_mkldnn(), [top, left], [stride, stride], [1, 1], 1, [n, c, h, w])

        """));

    private static readonly Lazy<bool> Loses = new(() => OneDnn.Working is OneDnn oneDnn && !ComputesALayerOfPaddedWeights(oneDnn));

    /// <summary>Whether weights are lost on this machine where a layer's channels do not fill oneDNN's blocks.</summary>
    public static bool LosesWeights => Loses.Value;

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

    private static bool ComputesALayerOfPaddedWeights(OneDnn oneDnn)
    {
        using var scope = NewDisposeScope();
        var shape = new ConvolutionShape(64, 80, 1, 1);
        Tensor x = ones([1, 20, 20, 64]).permute(0, 3, 1, 2), weights = ones([80, 64, 1, 1]), biases = zeros([80]);
        using var convolution = new FusedConvolution(oneDnn, shape, relu: false, Pack(weights, shape, x.shape), biases);
        return ConvolutionCheck.IsRight(convolution.Apply(x), x, weights, biases, shape, relu: false);
    }

    // The packed weights are opaque, good for OneDnn only.
    private static Tensor Pack(Tensor weights, ConvolutionShape shape, long[] inputSize)
    {
        using var scope = NewDisposeScope();

        // Numbers that TorchSharp converts itself may be collected before the call reads them: these live until it is over.
        Scalar[] numbers = [.. new[] { shape.Padding[0], shape.Padding[1], shape.Stride, inputSize[0], inputSize[1], inputSize[2], inputSize[3] }.Select(number => number.ToScalar())];
        try
        {
            lock (PackingScript)
            {
                return PackingScript.Value.invoke<Tensor>("pack", [weights, .. numbers]).DetachFromDisposeScope();
            }
        }
        finally
        {
            Array.ForEach(numbers, number => number.Dispose());
        }
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
            IConvolution chosen = new FusedConvolution(oneDnn, shape, relu, Pack(weights, shape, x.shape), biases);
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
