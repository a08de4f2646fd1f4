using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Koalarization.Inception.Network;

/// <summary>
/// Computes a few pixels of a convolution again, by one matrix product, and compares. oneDNN lays weights out for its kernels, and loses some of
/// them where the processor does not state its cache sizes, as in some virtual machines: the numbers are wrong, without an error.
/// </summary>
internal static class ConvolutionCheck
{
    private const int Pixels = 8;

    /// <summary>Whether <paramref name="y"/> is the convolution of <paramref name="x"/>, up to rounding.</summary>
    /// <param name="y">The result.</param>
    /// <param name="x">The input.</param>
    /// <param name="weights">[out, in, height, width], stored channels-last, not packed.</param>
    /// <param name="biases">[out].</param>
    /// <param name="shape">The geometry.</param>
    /// <param name="relu">A ReLU is the last step.</param>
    /// <param name="addedTo">What the convolution was added to, before the ReLU; or null.</param>
    public static bool IsRight(Tensor y, Tensor x, Tensor weights, Tensor biases, ConvolutionShape shape, bool relu, Tensor? addedTo = null)
    {
        using var scope = NewDisposeScope();
        (long Picture, long Row, long Column)[] pixels = Spread(y.shape);
        Tensor patches = stack([.. pixels.Select(pixel => Patch(x, shape, pixel))]);
        Tensor matrix = weights.to(ScalarType.Float32).permute(0, 2, 3, 1).reshape(shape.OutputChannels, -1);
        Tensor expected = patches.matmul(matrix.t()) + biases.to(ScalarType.Float32);
        if (addedTo is not null)
        {
            expected += ValuesAt(addedTo, pixels);
        }

        float scale = expected.abs().max().item<float>();
        float error = (ValuesAt(y, pixels) - (relu ? expected.relu() : expected)).abs().max().item<float>();
        return error <= scale * ToleranceOf(y.dtype);
    }

    /// <summary>Far above rounding, far below what a lost weight changes.</summary>
    private static float ToleranceOf(ScalarType type) => type == ScalarType.Float32 ? 1e-4f : 2e-2f;

    /// <summary>Pixels at equal distances, from the first of the first picture to the last of the last.</summary>
    private static (long Picture, long Row, long Column)[] Spread(long[] size)
    {
        (long height, long width) = (size[2], size[3]);
        long last = size[0] * height * width - 1;
        return [.. Enumerable.Range(0, Pixels)
            .Select(i => last * i / (Pixels - 1))
            .Select(index => (index / (height * width), index / width % height, index % width))];
    }

    private static Tensor ValuesAt(Tensor y, (long Picture, long Row, long Column)[] pixels)
        => stack([.. pixels.Select(pixel => y[pixel.Picture, TensorIndex.Colon, pixel.Row, pixel.Column])]).to(ScalarType.Float32);

    /// <summary>The part of the input that one pixel is made of, zeros outside of the picture, in the weights' order.</summary>
    private static Tensor Patch(Tensor x, ConvolutionShape shape, (long Picture, long Row, long Column) pixel)
    {
        (long height, long width) = (x.shape[2], x.shape[3]);
        long top = pixel.Row * shape.Stride - shape.Padding[0], bottom = top + shape.KernelHeight;
        long left = pixel.Column * shape.Stride - shape.Padding[1], right = left + shape.KernelWidth;
        Tensor inside = x[
            pixel.Picture,
            TensorIndex.Colon,
            TensorIndex.Slice(Math.Max(top, 0), Math.Min(bottom, height)),
            TensorIndex.Slice(Math.Max(left, 0), Math.Min(right, width))];
        Tensor patch = functional.pad(
            inside.to(ScalarType.Float32),
            [Math.Max(-left, 0), Math.Max(right - width, 0), Math.Max(-top, 0), Math.Max(bottom - height, 0)]);
        return patch.permute(1, 2, 0).flatten();
    }
}
