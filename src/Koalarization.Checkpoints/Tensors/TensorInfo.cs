namespace Koalarization.Checkpoints.Tensors;

/// <summary>What a checkpoint says about one tensor.</summary>
/// <param name="Name">The variable's full name, as it was saved.</param>
/// <param name="ElementType">The type of each element.</param>
/// <param name="Shape">The extent of each dimension, outermost first (row-major); empty for a scalar.</param>
/// <param name="ElementCount">The product of <paramref name="Shape"/>.</param>
public sealed record TensorInfo(string Name, TensorElementType ElementType, IReadOnlyList<long> Shape, long ElementCount)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {ElementType} [{string.Join(", ", Shape)}]";
}
