using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>Inception-ResNet-A (figure 16): adds to [N, 320, 35, 35] in place.</summary>
internal sealed class Block35(Layers layers)
{
    private const double Scale = 0.17;

    private readonly BranchHeads _heads = layers.Heads(
        320, ("Branch_0/Conv2d_1x1", 32), ("Branch_1/Conv2d_0a_1x1", 32), ("Branch_2/Conv2d_0a_1x1", 32));

    private readonly IConvolution _1b = layers.Conv("Branch_1/Conv2d_0b_3x3", new(32, 32, 3, 3));
    private readonly IConvolution _2b = layers.Conv("Branch_2/Conv2d_0b_3x3", new(32, 48, 3, 3));
    private readonly IConvolution _2c = layers.Conv("Branch_2/Conv2d_0c_3x3", new(48, 64, 3, 3));
    private readonly IConvolution _up = layers.Residual(128, 320, Scale, relu: true);

    public void Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] heads = _heads.Apply(x);
        Tensor branch1 = _1b.Apply(heads[1]);
        Tensor branch2 = _2c.Apply(_2b.Apply(heads[2]));
        _up.AddTo(x, Pooling.Concat(heads[0], branch1, branch2));
    }
}
