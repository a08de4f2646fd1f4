using Koalarization.Inception.Devices;
using Koalarization.Inception.Network;
using Koalarization.Inception.Weights;
using static TorchSharp.torch;

namespace Koalarization.Inception.Tests.Network;

/// <summary>Each part of the network alone, on made-up weights: the shapes of the paper's figures, and the two engines against each other.</summary>
[Collection(TorchCollection.Name)]
public sealed class BlockShapeTests
{
    private const double Tolerance = 1e-4;

    public BlockShapeTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void The_stem_makes_192_channels_of_35_by_35()
        => Check([1, 1, 299, 299], [1, 192, 35, 35], layers => new Stem(layers).Forward);

    [Fact]
    public void Mixed_5b_makes_320_channels()
        => Check([2, 192, 35, 35], [2, 320, 35, 35], layers => new Mixed5b(layers.In("Mixed_5b")).Forward);

    [Fact]
    public void Block35_keeps_the_shape()
        => Check([2, 320, 35, 35], [2, 320, 35, 35], layers => InPlace(new Block35(layers.In("Repeat/block35_1")).Apply));

    [Fact]
    public void Mixed_6a_makes_1088_channels_of_17_by_17()
        => Check([1, 320, 35, 35], [1, 1088, 17, 17], layers => new Mixed6a(layers.In("Mixed_6a")).Forward);

    [Fact]
    public void Block17_keeps_the_shape()
        => Check([2, 1088, 17, 17], [2, 1088, 17, 17], layers => InPlace(new Block17(layers.In("Repeat_1/block17_1")).Apply));

    [Fact]
    public void Mixed_7a_makes_2080_channels_of_8_by_8()
        => Check([1, 1088, 17, 17], [1, 2080, 8, 8], layers => new Mixed7a(layers.In("Mixed_7a")).Forward);

    [Fact]
    public void Block8_keeps_the_shape()
        => Check([2, 2080, 8, 8], [2, 2080, 8, 8], layers => InPlace(new Block8(layers.In("Repeat_2/block8_1")).Apply));

    [Fact]
    public void The_last_block8_lets_negative_numbers_through()
    {
        using var scope = NewDisposeScope();
        using var layers = new Layers(new RandomWeights(1), new PlainConvolutions(CPU, ScalarType.Float32), InceptionResNetV2.Scope);
        Tensor rectified = Input([1, 2080, 8, 8]);
        Tensor last = rectified.clone();

        new Block8(layers.In("Block8")).Apply(rectified);
        new Block8(layers.In("Block8"), scale: 1, relu: false).Apply(last);

        Assert.Equal(0, rectified.min().item<float>());
        Assert.True(last.min().item<float>() < 0);
    }

    private static Func<Tensor, Tensor> InPlace(Action<Tensor> apply)
        => x =>
        {
            apply(x);
            return x;
        };

    private static void Check(long[] input, long[] expected, Func<Layers, Func<Tensor, Tensor>> block)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = inference_mode();
        Tensor plain = Run(new PlainConvolutions(CPU, ScalarType.Float32), input, block);

        Assert.Equal(expected, plain.shape);
        Assert.True(plain.std().item<float>() > 0.1);
        if (OneDnn.Working is OneDnn oneDnn)
        {
            Tensor fused = Run(new FusedConvolutions(oneDnn, ScalarType.Float32), input, block);
            Assert.Equal(expected, fused.shape);
            Assert.True((plain - fused).abs().max().item<float>() < Tolerance);
        }
    }

    private static Tensor Run(IConvolutionEngine engine, long[] input, Func<Layers, Func<Tensor, Tensor>> block)
    {
        using var layers = new Layers(new RandomWeights(1), engine, InceptionResNetV2.Scope);
        return block(layers)(Input(input));
    }

    /// <summary>Made-up numbers in 0..1, stored channels-last as within the network.</summary>
    private static Tensor Input(long[] shape)
    {
        float[] numbers = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, extent) => product * extent)).Select(i => Math.Abs(SplitMix64.Uniform(7, i)))];
        return tensor(numbers, [shape[0], shape[2], shape[3], shape[1]]).permute(0, 3, 1, 2);
    }
}
