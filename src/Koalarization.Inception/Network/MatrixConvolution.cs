using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Koalarization.Inception.Network;

/// <summary>A convolution as one matrix product, for which libtorch does not use oneDNN in float32. It owns its tensors.</summary>
internal sealed class MatrixConvolution : IConvolution
{
    private readonly ConvolutionShape _shape;
    private readonly bool _relu;
    private readonly Tensor _matrix;
    private readonly Tensor _biases;

    /// <param name="shape">The geometry.</param>
    /// <param name="relu">A ReLU is the last step.</param>
    /// <param name="weights">[out, in, height, width].</param>
    /// <param name="biases">[out].</param>
    public MatrixConvolution(ConvolutionShape shape, bool relu, Tensor weights, Tensor biases)
    {
        using var scope = NewDisposeScope();
        (_shape, _relu) = (shape, relu);
        _matrix = weights.flatten(1).t().contiguous().DetachFromDisposeScope();
        _biases = biases.clone().DetachFromDisposeScope();
    }

    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor y = addmm(_biases, Patches(x), _matrix, beta: 1, alpha: 1);
        (long height, long width) = (Steps(x.shape[2], axis: 0), Steps(x.shape[3], axis: 1));
        return (_relu ? y.relu_() : y).view(x.shape[0], height, width, _shape.OutputChannels).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    public void AddTo(Tensor sum, Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor y = sum.permute(0, 2, 3, 1).view(-1, _shape.OutputChannels);
        y.addmm_(Patches(x), _matrix, beta: 1, alpha: 1).add_(_biases);
        if (_relu)
        {
            y.relu_();
        }
    }

    public void Dispose()
    {
        _matrix.Dispose();
        _biases.Dispose();
    }

    /// <summary>A row for each pixel of the result: what it is made of.</summary>
    private Tensor Patches(Tensor x)
    {
        if (_shape is { KernelHeight: 1, KernelWidth: 1, Stride: 1 })
        {
            return x.permute(0, 2, 3, 1).reshape(-1, _shape.InputChannels);
        }

        Tensor columns = functional.unfold(
            x, (_shape.KernelHeight, _shape.KernelWidth), padding: (_shape.Padding[0], _shape.Padding[1]), stride: (_shape.Stride, _shape.Stride));
        return columns.transpose(1, 2).reshape(-1, _matrix.shape[0]);
    }

    private long Steps(long extent, int axis)
        => (extent + 2 * _shape.Padding[axis] - (axis == 0 ? _shape.KernelHeight : _shape.KernelWidth)) / _shape.Stride + 1;
}
