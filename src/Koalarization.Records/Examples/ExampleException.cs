namespace Koalarization.Records.Examples;

/// <summary>A record's data is not a <c>tf.train.Example</c>, or not one of the expected kind.</summary>
public sealed class ExampleException : IOException
{
    internal ExampleException(int offset, string problem)
        : base($"Not an Example, byte {offset} of the record: {problem}.")
    {
        Offset = offset;
    }

    internal ExampleException(string feature, string problem)
        : base($"Not a picture's record, feature {feature}: {problem}.")
    {
        Feature = feature;
    }

    /// <summary>Where in the record's data reading stopped; null when the Example itself is well-formed.</summary>
    public int? Offset { get; }

    /// <summary>The feature that is missing or of another kind or length than expected; null when the data is no Example at all.</summary>
    public string? Feature { get; }
}
