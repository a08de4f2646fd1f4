using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>Inception-A (figure 5 of the paper's predecessor): [N, 192, 35, 35] to [N, 320, 35, 35].</summary>
internal sealed class Mixed5b(Layers layers)
{
    private readonly BranchHeads _heads = layers.Heads(
        192, ("Branch_0/Conv2d_1x1", 96), ("Branch_1/Conv2d_0a_1x1", 48), ("Branch_2/Conv2d_0a_1x1", 64));

    private readonly IConvolution _1b = layers.Conv("Branch_1/Conv2d_0b_5x5", new(48, 64, 5, 5));
    private readonly IConvolution _2b = layers.Conv("Branch_2/Conv2d_0b_3x3", new(64, 96, 3, 3));
    private readonly IConvolution _2c = layers.Conv("Branch_2/Conv2d_0c_3x3", new(96, 96, 3, 3));
    private readonly IConvolution _3b = layers.Conv("Branch_3/Conv2d_0b_1x1", new(192, 64, 1, 1));

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] heads = _heads.Apply(x);
        Tensor branch1 = _1b.Apply(heads[1]);
        Tensor branch2 = _2c.Apply(_2b.Apply(heads[2]));
        Tensor branch3 = _3b.Apply(Pooling.Average(x));
        return Pooling.Concat(heads[0], branch1, branch2, branch3).MoveToOuterDisposeScope();
    }
}
