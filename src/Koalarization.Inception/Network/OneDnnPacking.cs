using TorchSharp;
using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>Brings weights into the layout that oneDNN likes best for one input shape; only TorchScript can do it.</summary>
internal static class OneDnnPacking
{
    // Compiled once for the process: disposing of a compilation unit leaks it.
    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(
        """
        def pack(weights: Tensor, top: int, left: int, stride: int, n: int, c: int, h: int, w: int):
            return torch.mkldnn_reorder_conv2d_weight(weights.to_mkldnn(), [top, left], [stride, stride], [1, 1], 1, [n, c, h, w])

        """));

    /// <summary>The packed weights: opaque, good for <see cref="OneDnn"/> only.</summary>
    public static Tensor Pack(Tensor weights, ConvolutionShape shape, long[] inputSize)
    {
        using var scope = NewDisposeScope();

        // Numbers that TorchSharp converts itself may be collected before the call reads them: these live until it is over.
        Scalar[] numbers = [.. new[] { shape.Padding[0], shape.Padding[1], shape.Stride, inputSize[0], inputSize[1], inputSize[2], inputSize[3] }.Select(number => number.ToScalar())];
        try
        {
            lock (Script)
            {
                return Script.Value.invoke<Tensor>("pack", [weights, .. numbers]).DetachFromDisposeScope();
            }
        }
        finally
        {
            Array.ForEach(numbers, number => number.Dispose());
        }
    }
}
