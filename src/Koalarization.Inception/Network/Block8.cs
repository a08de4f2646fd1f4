using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>Inception-ResNet-C (figure 19): adds to [N, 2080, 8, 8] in place. The last one of the network is neither scaled nor rectified.</summary>
internal sealed class Block8(Layers layers, double scale = 0.20, bool relu = true)
{
    private readonly BranchHeads _heads = layers.Heads(2080, ("Branch_0/Conv2d_1x1", 192), ("Branch_1/Conv2d_0a_1x1", 192));
    private readonly IConvolution _1b = layers.Conv("Branch_1/Conv2d_0b_1x3", new(192, 224, 1, 3));
    private readonly IConvolution _1c = layers.Conv("Branch_1/Conv2d_0c_3x1", new(224, 256, 3, 1));
    private readonly IConvolution _up = layers.Residual(448, 2080, scale, relu);

    public void Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] heads = _heads.Apply(x);
        Tensor branch1 = _1c.Apply(_1b.Apply(heads[1]));
        _up.AddTo(x, Pooling.Concat(heads[0], branch1));
    }
}
