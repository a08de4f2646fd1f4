using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Koalarization.Inception.Network;

/// <summary>The network's pools and its concatenation by channels.</summary>
internal static class Pooling
{
    /// <summary>3x3, stride 2, unpadded.</summary>
    public static Tensor Max(Tensor x) => functional.max_pool2d(x, [3, 3], [2, 2]);

    /// <summary>3x3, stride 1, padded; the padding is left out of the mean.</summary>
    public static Tensor Average(Tensor x) => functional.avg_pool2d(x, [3, 3], [1, 1], [1, 1], count_include_pad: false);

    /// <summary>The mean over a whole picture: [N, C, H, W] to [N, C, 1, 1].</summary>
    public static Tensor Global(Tensor x) => x.mean([2, 3], keepdim: true);

    /// <summary>The branches' channels one after the other.</summary>
    public static Tensor Concat(params Tensor[] branches) => cat(branches, 1);
}
