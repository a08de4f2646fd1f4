using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>Reduction-A (figure 7): [N, 320, 35, 35] to [N, 1088, 17, 17].</summary>
internal sealed class Mixed6a(Layers layers)
{
    private readonly IConvolution _0a = layers.Conv("Branch_0/Conv2d_1a_3x3", new(320, 384, 3, 3, Stride: 2, IsPadded: false));
    private readonly IConvolution _1a = layers.Conv("Branch_1/Conv2d_0a_1x1", new(320, 256, 1, 1));
    private readonly IConvolution _1b = layers.Conv("Branch_1/Conv2d_0b_3x3", new(256, 256, 3, 3));
    private readonly IConvolution _1c = layers.Conv("Branch_1/Conv2d_1a_3x3", new(256, 384, 3, 3, Stride: 2, IsPadded: false));

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor branch0 = _0a.Apply(x);
        Tensor branch1 = _1c.Apply(_1b.Apply(_1a.Apply(x)));
        return Pooling.Concat(branch0, branch1, Pooling.Max(x)).MoveToOuterDisposeScope();
    }
}
