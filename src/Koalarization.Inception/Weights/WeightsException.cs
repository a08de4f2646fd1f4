namespace Koalarization.Inception.Weights;

/// <summary>Weights that are not Inception-ResNet-v2's: one sentence, with the variable and what is wrong with it.</summary>
public sealed class WeightsException : Exception
{
    internal WeightsException(string variable, string message)
        : base(message) => Variable = variable;

    /// <summary>The variable that is missing or different.</summary>
    public string Variable { get; }

    internal static WeightsException Missing(string variable, string source)
        => new(variable, $"The checkpoint {source} has no variable {variable}, which Inception-ResNet-v2 needs.");

    internal static WeightsException OtherShape(string variable, string source, ReadOnlySpan<long> found, ReadOnlySpan<long> expected)
        => new(variable, $"In the checkpoint {source} the variable {variable} has the shape {Show(found)}, and Inception-ResNet-v2 needs {Show(expected)}.");

    internal static WeightsException OtherType(string variable, string source, string found)
        => new(variable, $"In the checkpoint {source} the variable {variable} holds {found}, and Inception-ResNet-v2 needs Float32.");

    private static string Show(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
