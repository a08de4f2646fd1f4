using static TorchSharp.torch;

namespace Koalarization.Inception;

/// <summary>
/// Inception-ResNet-v2 for gray pictures, after Szegedy et al. 2016 (arXiv:1602.07261, figure 15) with the layer names of the original checkpoint.
/// </summary>
internal sealed class InceptionResNetV2 : IDisposable
{
    private readonly Layers _layers;
    private readonly Stem _stem;
    private readonly Mixed5b _mixed5b;
    private readonly Block35[] _repeat;
    private readonly Mixed6a _mixed6a;
    private readonly Block17[] _repeat1;
    private readonly Mixed7a _mixed7a;
    private readonly Block8[] _repeat2;
    private readonly Block8 _block8;
    private readonly IConvolution _7b;
    private readonly IConvolution _logits;

    public InceptionResNetV2(INetworkWeights weights, IConvolutionEngine engine)
    {
        _layers = new Layers(weights, engine, "InceptionResnetV2");
        _stem = new Stem(_layers);
        _mixed5b = new Mixed5b(_layers.In("Mixed_5b"));
        _repeat = Repeat(10, "Repeat/block35", layers => new Block35(layers));
        _mixed6a = new Mixed6a(_layers.In("Mixed_6a"));
        _repeat1 = Repeat(20, "Repeat_1/block17", layers => new Block17(layers));
        _mixed7a = new Mixed7a(_layers.In("Mixed_7a"));
        _repeat2 = Repeat(9, "Repeat_2/block8", layers => new Block8(layers));
        _block8 = new Block8(_layers.In("Block8"), scale: 1, relu: false);
        _7b = _layers.Conv("Conv2d_7b_1x1", new(2080, 1536, 1, 1));
        _logits = _layers.FullyConnected("Logits/Logits", 1536, InceptionResNetV2Shape.Logits);
    }

    /// <summary>The logits [N, 1001] of pictures [N, 1, 299, 299] in -1..1.</summary>
    public Tensor Forward(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        Tensor x = _stem.Forward(pictures);     // [N, 192, 35, 35]
        x = _mixed5b.Forward(x);                // [N, 320, 35, 35]
        foreach (Block35 block in _repeat)
        {
            block.Apply(x);
        }

        x = _mixed6a.Forward(x);                // [N, 1088, 17, 17]
        foreach (Block17 block in _repeat1)
        {
            block.Apply(x);
        }

        x = _mixed7a.Forward(x);                // [N, 2080, 8, 8]
        foreach (Block8 block in _repeat2)
        {
            block.Apply(x);
        }

        _block8.Apply(x);
        x = _7b.Apply(x);                       // [N, 1536, 8, 8]
        x = Pooling.Global(x);                  // [N, 1536, 1, 1]
        return _logits.Apply(x).flatten(1).MoveToOuterDisposeScope();
    }

    public void Dispose() => _layers.Dispose();

    private T[] Repeat<T>(int count, string name, Func<Layers, T> make)
        => [.. Enumerable.Range(1, count).Select(number => make(_layers.In($"{name}_{number}")))];
}
