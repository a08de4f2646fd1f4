using Koalarization.Inception.Devices;
using Koalarization.Inception.Network;
using Koalarization.Inception.Weights;
using static TorchSharp.torch;

namespace Koalarization.Inception.Tests.Network;

/// <summary>Single convolutions against sums that are written out.</summary>
[Collection(TorchCollection.Name)]
public sealed class ConvolutionTests
{
    public ConvolutionTests() => TorchRuntime.EnsureStarted();

    /// <summary>
    /// The first three have output channels that do not fill oneDNN's blocks of 32 and 48: on a processor that does not state its cache sizes
    /// libtorch 2.10 loses weights of these.
    /// </summary>
    [Theory]
    [InlineData(64, 80, 1, 1, 20, true)]
    [InlineData(192, 208, 1, 1, 20, true)]
    [InlineData(128, 320, 1, 1, 35, true)]
    [InlineData(32, 64, 3, 3, 20, true)]
    [InlineData(32, 80, 3, 3, 20, false)]
    [InlineData(64, 96, 1, 7, 17, true)]
    public void Is_the_sum_of_products(int inputs, int outputs, int height, int width, int size, bool isPadded)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = inference_mode();
        var shape = new ConvolutionShape(inputs, outputs, height, width, IsPadded: isPadded);
        var filter = new Filter(shape, MadeUp(1, shape.WeightCount), MadeUp(2, outputs));
        Tensor x = tensor(MadeUp(3, 2 * size * size * inputs), [2, size, size, inputs]).permute(0, 3, 1, 2);

        foreach (IConvolution convolution in Kinds(filter))
        {
            using IConvolution disposed = convolution;
            Tensor y = convolution.Apply(x);
            Tensor sum = ones_like(y);
            convolution.AddTo(sum, x);

            Assert.True(LargestError(y, filter, x) < 1e-4);
            Assert.True((sum - y - 1).abs().max().item<float>() < 1e-4);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, true)]
    [InlineData(3, 3, 1, true)]
    [InlineData(3, 3, 2, false)]
    [InlineData(1, 7, 1, true)]
    public void The_check_finds_one_lost_weight_in_every_output_channel(int height, int width, int stride, bool isPadded)
    {
        using var scope = NewDisposeScope();
        var shape = new ConvolutionShape(32, 48, height, width, stride, isPadded);
        var filter = new Filter(shape, MadeUp(1, shape.WeightCount), MadeUp(2, 48));
        Tensor x = tensor(MadeUp(3, 2 * 19 * 19 * 32), [2, 19, 19, 32]).permute(0, 3, 1, 2);
        Tensor weights = FilterTensors.ChannelsLast(filter), biases = tensor(filter.Biases);
        using IConvolution right = new PlainConvolutions(CPU, ScalarType.Float32).Prepare(filter, relu: true);
        float[] fewer = [.. filter.Weights];
        Array.Clear(fewer, height * width / 2 * 32 * 48, 48);
        using IConvolution wrong = new PlainConvolutions(CPU, ScalarType.Float32).Prepare(filter with { Weights = fewer }, relu: true);

        Assert.True(ConvolutionCheck.IsRight(right.Apply(x), x, weights, biases, shape, relu: true));
        Assert.False(ConvolutionCheck.IsRight(wrong.Apply(x), x, weights, biases, shape, relu: true));
        Assert.False(ConvolutionCheck.IsRight(right.Apply(x) * float.NaN, x, weights, biases, shape, relu: true));

        Tensor before = ones_like(right.Apply(x)), sum = before.clone(), lost = before.clone();
        right.AddTo(sum, x);
        wrong.AddTo(lost, x);
        Assert.True(ConvolutionCheck.IsRight(sum, x, weights, biases, shape, relu: true, before));
        Assert.False(ConvolutionCheck.IsRight(lost, x, weights, biases, shape, relu: true, before));
    }

    private static IEnumerable<IConvolution> Kinds(Filter filter)
    {
        yield return new PlainConvolutions(CPU, ScalarType.Float32).Prepare(filter, relu: false);
        yield return new MatrixConvolution(filter.Shape, relu: false, FilterTensors.ChannelsLast(filter), tensor(filter.Biases));
        if (OneDnn.Working is OneDnn oneDnn)
        {
            yield return new FusedConvolutions(oneDnn, ScalarType.Float32).Prepare(filter, relu: false);
        }
    }

    private static float[] MadeUp(ulong seed, int count) => [.. Enumerable.Range(0, count).Select(i => SplitMix64.Uniform(seed, i))];

    /// <summary>Of the first picture, stride 1.</summary>
    private static double LargestError(Tensor y, Filter filter, Tensor x)
    {
        ConvolutionShape shape = filter.Shape;
        (int height, int width) = ((int)y.shape[2], (int)y.shape[3]);
        (int inputHeight, int inputWidth) = ((int)x.shape[2], (int)x.shape[3]);
        float[] result = [.. y[0].permute(1, 2, 0).contiguous().data<float>()], input = [.. x[0].permute(1, 2, 0).contiguous().data<float>()];
        double largest = 0;
        var sums = new double[shape.OutputChannels];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                Array.Clear(sums);
                for (int tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
                {
                    int inputRow = row + tap / shape.KernelWidth - (int)shape.Padding[0], inputColumn = column + tap % shape.KernelWidth - (int)shape.Padding[1];
                    if (inputRow < 0 || inputRow >= inputHeight || inputColumn < 0 || inputColumn >= inputWidth)
                    {
                        continue;
                    }

                    for (int channel = 0; channel < shape.InputChannels; channel++)
                    {
                        double value = input[(inputRow * inputWidth + inputColumn) * shape.InputChannels + channel];
                        ReadOnlySpan<float> weights = filter.Weights.AsSpan((tap * shape.InputChannels + channel) * shape.OutputChannels, shape.OutputChannels);
                        for (int output = 0; output < sums.Length; output++)
                        {
                            sums[output] += value * weights[output];
                        }
                    }
                }

                for (int output = 0; output < sums.Length; output++)
                {
                    double error = Math.Abs(result[(row * width + column) * sums.Length + output] - sums[output] - filter.Biases[output]);
                    largest = Math.Max(largest, double.IsNaN(error) ? double.PositiveInfinity : error);
                }
            }
        }

        return largest;
    }
}
