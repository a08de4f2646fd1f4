namespace Koalarization.Inception;

/// <summary>Weights that are not Inception-ResNet-v2's: one sentence, with the variable and what is wrong with it.</summary>
public sealed class WeightsException : Exception
{
    internal WeightsException(string variable, string message, Exception? inner = null)
        : base(message, inner) => Variable = variable;

    /// <summary>The variable that is missing or different.</summary>
    public string Variable { get; }

    internal static WeightsException Missing(string variable, string source)
        => new(variable, $"The checkpoint {source} has no variable {variable}: it is not Inception-ResNet-v2's.");

    internal static WeightsException OtherShape(string variable, string source, ReadOnlySpan<long> found, ReadOnlySpan<long> expected)
        => new(variable, $"In the checkpoint {source} the variable {variable} has the shape {Show(found)}, and Inception-ResNet-v2 needs {Show(expected)}.");

    private static string Show(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
