using static TorchSharp.torch;

namespace Koalarization.Inception.Network;

/// <summary>
/// Inception-ResNet-v2 for gray pictures, after Szegedy et al. 2016 (arXiv:1602.07261, figure 15), with the layer names of the original checkpoint.
/// </summary>
internal sealed class InceptionResNetV2(Layers layers)
{
    /// <summary>What all variables' names begin with.</summary>
    public const string Scope = "InceptionResnetV2";

    private readonly Stem _stem = new(layers);
    private readonly Mixed5b _mixed5b = new(layers.In("Mixed_5b"));
    private readonly Block35[] _repeat = Repeat(10, number => new Block35(layers.In($"Repeat/block35_{number}")));
    private readonly Mixed6a _mixed6a = new(layers.In("Mixed_6a"));
    private readonly Block17[] _repeat1 = Repeat(20, number => new Block17(layers.In($"Repeat_1/block17_{number}")));
    private readonly Mixed7a _mixed7a = new(layers.In("Mixed_7a"));
    private readonly Block8[] _repeat2 = Repeat(9, number => new Block8(layers.In($"Repeat_2/block8_{number}")));
    private readonly Block8 _block8 = new(layers.In("Block8"), scale: 1, relu: false);
    private readonly IConvolution _7b = layers.Conv("Conv2d_7b_1x1", new(2080, 1536, 1, 1));
    private readonly IConvolution _logits = layers.FullyConnected("Logits/Logits", 1536, InceptionResNetV2Shape.Logits);

    /// <summary>The logits [N, 1001] of pictures [N, 1, 299, 299] in -1..1.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled between two blocks.</exception>
    public Tensor Forward(Tensor pictures, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        Tensor x = _stem.Forward(pictures);             // [N, 192, 35, 35]
        x = _mixed5b.Forward(x);                        // [N, 320, 35, 35]
        Repeat(_repeat, block => block.Apply(x), cancellation);
        x = _mixed6a.Forward(x);                        // [N, 1088, 17, 17]
        Repeat(_repeat1, block => block.Apply(x), cancellation);
        x = _mixed7a.Forward(x);                        // [N, 2080, 8, 8]
        Repeat(_repeat2, block => block.Apply(x), cancellation);
        _block8.Apply(x);
        x = _7b.Apply(x);                               // [N, 1536, 8, 8]
        x = Pooling.Global(x);                          // [N, 1536, 1, 1]
        return _logits.Apply(x).flatten(1).MoveToOuterDisposeScope();
    }

    private static void Repeat<T>(T[] blocks, Action<T> apply, CancellationToken cancellation)
    {
        foreach (T block in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            apply(block);
        }
    }

    private static T[] Repeat<T>(int count, Func<int, T> block) => [.. Enumerable.Range(1, count).Select(block)];
}
