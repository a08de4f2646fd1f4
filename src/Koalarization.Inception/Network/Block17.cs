using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>Inception-ResNet-B (figure 17): adds to [N, 1088, 17, 17] in place.</summary>
internal sealed class Block17(Layers layers)
{
    private const double Scale = 0.10;

    private readonly BranchHeads _heads = layers.Heads(1088, ("Branch_0/Conv2d_1x1", 192), ("Branch_1/Conv2d_0a_1x1", 128));
    private readonly IConvolution _1b = layers.Conv("Branch_1/Conv2d_0b_1x7", new(128, 160, 1, 7));
    private readonly IConvolution _1c = layers.Conv("Branch_1/Conv2d_0c_7x1", new(160, 192, 7, 1));
    private readonly IConvolution _up = layers.Residual(384, 1088, Scale, relu: true);

    public void Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor[] heads = _heads.Apply(x);
        Tensor branch1 = _1c.Apply(_1b.Apply(heads[1]));
        _up.AddTo(x, Pooling.Concat(heads[0], branch1));
    }
}
