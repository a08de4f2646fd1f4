using Koalarization.Inception.Devices;
using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>The two fused convolutions of libtorch's C interface (torch/csrc/inductor/aoti_torch/c/shim_cpu.h of libtorch 2.10).</summary>
internal sealed unsafe class OneDnn
{
    private static readonly long[] NoDilation = [1, 1];

    private readonly delegate* unmanaged<
        nint, nint, nint*, long*, long, long*, long, long*, long, long, byte*, double**, long, byte**, nint*, int> _pointwise;

    private readonly delegate* unmanaged<
        nint, nint, nint, nint*, long*, long, long*, long, long*, long, long, byte*, double*, byte**, double**, long, byte**, nint*, int> _binary;

    private OneDnn(nint pointwise, nint binary)
    {
        _pointwise = (delegate* unmanaged<nint, nint, nint*, long*, long, long*, long, long*, long, long, byte*, double**, long, byte**, nint*, int>)pointwise;
        _binary = (delegate* unmanaged<nint, nint, nint, nint*, long*, long, long*, long, long*, long, long, byte*, double*, byte**, double**, long, byte**, nint*, int>)binary;
    }

    /// <summary>Null where this libtorch does not export the functions, or they do not what is expected of them.</summary>
    public static OneDnn? Working { get; } = TryLoad() is OneDnn loaded && loaded.ComputesAsExpected() ? loaded : null;

    /// <summary>relu(x * weights + biases), or without the ReLU; a new tensor, channels-last.</summary>
    public Tensor Convolve(Tensor x, Tensor weights, Tensor biases, ConvolutionShape shape, bool relu)
    {
        nint bias = biases.Handle, result = 0;
        fixed (long* padding = shape.Padding, strides = shape.Strides, dilation = NoDilation)
        fixed (byte* activation = relu ? "relu\0"u8 : "none\0"u8, empty = "\0"u8)
        {
            byte* algorithm = empty;
            Check(_pointwise(x.Handle, weights.Handle, &bias, padding, 2, strides, 2, dilation, 2, 1, activation, null, 0, &algorithm, &result));
        }

        return Tensor.UnsafeCreateTensor(result);
    }

    /// <summary>sum = relu(sum + x * weights + biases) in place, or without the ReLU.</summary>
    public void ConvolveInto(Tensor sum, Tensor x, Tensor weights, Tensor biases, ConvolutionShape shape, bool relu)
    {
        nint bias = biases.Handle, result = 0;
        double alpha = 1;
        fixed (long* padding = shape.Padding, strides = shape.Strides, dilation = NoDilation)
        fixed (byte* add = "add\0"u8, rectify = "relu\0"u8)
        {
            byte* activation = rectify;
            Check(_binary(
                sum.Handle, x.Handle, weights.Handle, &bias, padding, 2, strides, 2, dilation, 2, 1, add, &alpha, relu ? &activation : null, null, 0, null, &result));
        }

        // A second handle of the same tensor.
        Tensor.UnsafeCreateTensor(result).Dispose();
    }

    private static OneDnn? TryLoad()
    {
        TorchRuntime.EnsureStarted();
        return LibTorch.TryGetFunction("aoti_torch_cpu_mkldnn__convolution_pointwise", out nint pointwise)
            && LibTorch.TryGetFunction("aoti_torch_cpu_mkldnn__convolution_pointwise_binary_", out nint binary)
            ? new OneDnn(pointwise, binary)
            : null;
    }

    /// <summary>One pixel, -3 = 2 * -1 - 1, through both functions.</summary>
    private bool ComputesAsExpected()
    {
        using var scope = NewDisposeScope();
        var shape = new ConvolutionShape(1, 1, 1, 1);
        Tensor x = tensor([2f], [1, 1, 1, 1]), weights = tensor([-1f], [1, 1, 1, 1]), biases = tensor([-1f]), sum = tensor([10f], [1, 1, 1, 1]);
        try
        {
            ConvolveInto(sum, x, weights, biases, shape, relu: true);
            return sum.item<float>() == 7
                && Convolve(x, weights, biases, shape, relu: false).item<float>() == -3
                && Convolve(x, weights, biases, shape, relu: true).item<float>() == 0;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException("oneDNN refused a convolution; libtorch wrote the reason to standard error.");
        }
    }
}
