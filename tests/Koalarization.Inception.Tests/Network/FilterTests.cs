using Koalarization.Inception.Network;
using Koalarization.Inception.Weights;

namespace Koalarization.Inception.Tests.Network;

public sealed class FilterTests
{
    [Fact]
    public void Folds_batch_norm_into_weights_and_biases()
    {
        // One channel in, two out, by hand: 1/sqrt(3.999 + 0.001) = 0.5 and 1/sqrt(0.249 + 0.001) = 2.
        var weights = new HandWeights(new()
        {
            ["a/weights"] = [3, 5],
            ["a/BatchNorm/beta"] = [1, -1],
            ["a/BatchNorm/moving_mean"] = [4, 10],
            ["a/BatchNorm/moving_variance"] = [3.999f, 0.249f],
        });

        Filter filter = Filter.BatchNormalized(weights, "a", new ConvolutionShape(1, 2, 1, 1));

        Assert.Equal([1.5, 10], filter.Weights.Select(w => Math.Round(w, 5)));
        Assert.Equal([-1, -21], filter.Biases.Select(b => Math.Round(b, 5)));
    }

    [Fact]
    public void Folds_a_residual_scale_into_weights_and_biases()
    {
        var weights = new HandWeights(new() { ["a/weights"] = [2, 4, 6, 8], ["a/biases"] = [1, 3] });

        Filter filter = Filter.Biased(weights, "a", new ConvolutionShape(2, 2, 1, 1), 0.5);

        Assert.Equal([1, 2, 3, 4], filter.Weights);
        Assert.Equal([0.5f, 1.5f], filter.Biases);
    }

    [Fact]
    public void Puts_the_outputs_of_several_filters_side_by_side()
    {
        var one = new Filter(new ConvolutionShape(2, 1, 1, 1), [1, 2], [10]);
        var two = new Filter(new ConvolutionShape(2, 2, 1, 1), [3, 4, 5, 6], [20, 30]);

        Filter both = Filter.SideBySide([one, two]);

        Assert.Equal(new ConvolutionShape(2, 3, 1, 1), both.Shape);
        Assert.Equal([1, 3, 4, 2, 5, 6], both.Weights);
        Assert.Equal([10, 20, 30], both.Biases);
    }

    [Fact]
    public void Sums_the_weights_of_equal_channels()
    {
        var colour = new Filter(new ConvolutionShape(3, 2, 1, 2), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [0, 0]);

        Filter gray = colour.OfOneChannel();

        Assert.Equal(1, gray.Shape.InputChannels);
        Assert.Equal([9, 12, 27, 30], gray.Weights);
    }

    [Theory]
    [InlineData(1, 1, 0, 0)]
    [InlineData(3, 3, 1, 1)]
    [InlineData(1, 7, 0, 3)]
    [InlineData(7, 1, 3, 0)]
    public void Pads_so_that_the_size_stays(int height, int width, long top, long left)
    {
        Assert.Equal([top, left], new ConvolutionShape(1, 1, height, width).Padding);
        Assert.Equal([0, 0], new ConvolutionShape(1, 1, height, width, IsPadded: false).Padding);
    }

    private sealed class HandWeights(Dictionary<string, float[]> variables) : INetworkWeights
    {
        public string Identity => "hand";

        public bool IsRandom => true;

        public void Read(string variable, ReadOnlySpan<long> expectedShape, Span<float> destination) => variables[variable].CopyTo(destination);
    }
}
