using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>From the picture [N, 1, 299, 299] to [N, 192, 35, 35]. No layer is padded but 2b.</summary>
internal sealed class Stem(Layers layers)
{
    private readonly IConvolution _1a = layers.ConvOfGray("Conv2d_1a_3x3", new(3, 32, 3, 3, Stride: 2, IsPadded: false));
    private readonly IConvolution _2a = layers.Conv("Conv2d_2a_3x3", new(32, 32, 3, 3, IsPadded: false));
    private readonly IConvolution _2b = layers.Conv("Conv2d_2b_3x3", new(32, 64, 3, 3));
    private readonly IConvolution _3b = layers.Conv("Conv2d_3b_1x1", new(64, 80, 1, 1, IsPadded: false));
    private readonly IConvolution _4a = layers.Conv("Conv2d_4a_3x3", new(80, 192, 3, 3, IsPadded: false));

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = _1a.Apply(x);                   // 149
        x = _2a.Apply(x);                   // 147
        x = _2b.Apply(x);                   // 147
        x = Pooling.Max(x);                 // 73, MaxPool_3a_3x3
        x = _3b.Apply(x);                   // 73
        x = _4a.Apply(x);                   // 71
        x = Pooling.Max(x);                 // 35, MaxPool_5a_3x3
        return x.MoveToOuterDisposeScope();
    }
}
