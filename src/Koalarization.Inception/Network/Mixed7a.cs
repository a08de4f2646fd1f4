using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>Reduction-B (figure 18): [N, 1088, 17, 17] to [N, 2080, 8, 8].</summary>
internal sealed class Mixed7a(Layers layers)
{
    private readonly BranchHeads _heads = layers.Heads(
        1088, ("Branch_0/Conv2d_0a_1x1", 256), ("Branch_1/Conv2d_0a_1x1", 256), ("Branch_2/Conv2d_0a_1x1", 256));

    private readonly IConvolution _0b = layers.Conv("Branch_0/Conv2d_1a_3x3", new(256, 384, 3, 3, Stride: 2, IsPadded: false));
    private readonly IConvolution _1b = layers.Conv("Branch_1/Conv2d_1a_3x3", new(256, 288, 3, 3, Stride: 2, IsPadded: false));
    private readonly IConvolution _2b = layers.Conv("Branch_2/Conv2d_0b_3x3", new(256, 288, 3, 3));
    private readonly IConvolution _2c = layers.Conv("Branch_2/Conv2d_1a_3x3", new(288, 320, 3, 3, Stride: 2, IsPadded: false));

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] heads = _heads.Apply(x);
        Tensor branch0 = _0b.Apply(heads[0]);
        Tensor branch1 = _1b.Apply(heads[1]);
        Tensor branch2 = _2c.Apply(_2b.Apply(heads[2]));
        return Pooling.Concat(branch0, branch1, branch2, Pooling.Max(x)).MoveToOuterDisposeScope();
    }
}
