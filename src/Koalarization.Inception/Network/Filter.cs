using Koalarization.Inception.Weights;

namespace Koalarization.Inception.Network;

/// <summary>
/// A convolution's numbers, ready to be applied: what follows it in the paper (batch norm, the residual scale) is folded in.
/// Folding is done in float64 and rounded once.
/// </summary>
/// <param name="Shape">The geometry.</param>
/// <param name="Weights">[height, width, in, out].</param>
/// <param name="Biases">[out].</param>
internal sealed record Filter(ConvolutionShape Shape, float[] Weights, float[] Biases)
{
    /// <summary>What batch norm adds to the variance.</summary>
    private const double Epsilon = 1e-3;

    /// <summary>A convolution with batch norm behind it: no learned scale, a learned offset.</summary>
    public static Filter BatchNormalized(INetworkWeights source, string scope, ConvolutionShape shape)
    {
        float[] weights = Read(source, scope + "/weights", shape.WeightShape);
        float[] beta = Read(source, scope + "/BatchNorm/beta", shape.OutputChannels);
        float[] mean = Read(source, scope + "/BatchNorm/moving_mean", shape.OutputChannels);
        float[] variance = Read(source, scope + "/BatchNorm/moving_variance", shape.OutputChannels);

        var scale = new double[shape.OutputChannels];
        for (int channel = 0; channel < scale.Length; channel++)
        {
            scale[channel] = 1 / Math.Sqrt(variance[channel] + Epsilon);
            beta[channel] = (float)(beta[channel] - mean[channel] * scale[channel]);
        }

        Scale(weights, scale);
        return new Filter(shape, weights, beta);
    }

    /// <summary>A convolution with biases and nothing behind it but a constant factor.</summary>
    public static Filter Biased(INetworkWeights source, string scope, ConvolutionShape shape, double factor = 1)
        => Biased(source, scope, shape, shape.WeightShape, factor);

    /// <summary>The fully connected layer, as a convolution of one pixel.</summary>
    public static Filter FullyConnected(INetworkWeights source, string scope, int inputs, int outputs)
        => Biased(source, scope, new ConvolutionShape(inputs, outputs, 1, 1), [inputs, outputs], 1);

    /// <summary>Several convolutions of one input and one geometry as a single one; their outputs follow one after the other.</summary>
    public static Filter SideBySide(IReadOnlyList<Filter> filters)
    {
        ConvolutionShape shape = filters[0].Shape with { OutputChannels = filters.Sum(filter => filter.Shape.OutputChannels) };
        var weights = new float[shape.WeightCount];
        int first = 0;
        foreach (Filter filter in filters)
        {
            int width = filter.Shape.OutputChannels;
            for (int row = 0; row < weights.Length / shape.OutputChannels; row++)
            {
                filter.Weights.AsSpan(row * width, width).CopyTo(weights.AsSpan(row * shape.OutputChannels + first));
            }

            first += width;
        }

        return new Filter(shape, weights, [.. filters.SelectMany(filter => filter.Biases)]);
    }

    /// <summary>The same convolution for a gray picture, which has the same number in all of its channels: their weights' sum.</summary>
    public Filter OfOneChannel()
    {
        int width = Shape.OutputChannels;
        var weights = new float[Weights.Length / Shape.InputChannels];
        for (int i = 0; i < weights.Length; i++)
        {
            int pixel = i / width * Shape.InputChannels * width + i % width;
            double sum = 0;
            for (int channel = 0; channel < Shape.InputChannels; channel++)
            {
                sum += Weights[pixel + channel * width];
            }

            weights[i] = (float)sum;
        }

        return new Filter(Shape with { InputChannels = 1 }, weights, Biases);
    }

    private static Filter Biased(INetworkWeights source, string scope, ConvolutionShape shape, long[] stored, double factor)
    {
        float[] weights = Read(source, scope + "/weights", stored);
        float[] biases = Read(source, scope + "/biases", shape.OutputChannels);
        var scale = new double[shape.OutputChannels];
        Array.Fill(scale, factor);
        Scale(weights, scale);
        Scale(biases, scale);
        return new Filter(shape, weights, biases);
    }

    private static float[] Read(INetworkWeights source, string variable, params long[] shape)
    {
        long count = 1;
        foreach (long extent in shape)
        {
            count *= extent;
        }

        var values = new float[count];
        source.Read(variable, shape, values);
        return values;
    }

    /// <summary>Multiplies rows of [out] values by one factor for each.</summary>
    private static void Scale(Span<float> rows, ReadOnlySpan<double> factors)
    {
        for (int start = 0; start < rows.Length; start += factors.Length)
        {
            Span<float> row = rows.Slice(start, factors.Length);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = (float)(row[i] * factors[i]);
            }
        }
    }
}
