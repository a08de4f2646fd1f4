namespace Koalarization.Inception.Weights;

/// <summary>The network's variables by their names in the original checkpoint, such as <c>InceptionResnetV2/Conv2d_1a_3x3/weights</c>.</summary>
public interface INetworkWeights
{
    /// <summary>The SHA-256 of the checkpoint in lower-case hexadecimal digits, or <c>random:SEED</c>.</summary>
    string Identity { get; }

    /// <summary>The numbers are made up.</summary>
    bool IsRandom { get; }

    /// <summary>Reads one variable whole.</summary>
    /// <param name="variable">The variable's full name.</param>
    /// <param name="expectedShape">The shape it must have; convolution weights are [height, width, in, out].</param>
    /// <param name="destination">Receives the values in row-major order; as long as the shape's product.</param>
    /// <exception cref="WeightsException">There is no such variable, or it has another shape or type.</exception>
    void Read(string variable, ReadOnlySpan<long> expectedShape, Span<float> destination);
}
