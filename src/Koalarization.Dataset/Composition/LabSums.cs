namespace Koalarization.Dataset.Composition;

/// <summary>A sum over pixels of each of Lab's three numbers, or of their squares. L is in 0..100, a and b in their own units.</summary>
/// <param name="L">Of L.</param>
/// <param name="A">Of a.</param>
/// <param name="B">Of b.</param>
public sealed record LabSums(double L, double A, double B)
{
    /// <summary>None.</summary>
    public static LabSums Zero { get; } = new(0, 0, 0);

    /// <summary>Both together.</summary>
    public static LabSums operator +(LabSums left, LabSums right) => left.Add(right);

    /// <summary>Both together.</summary>
    public LabSums Add(LabSums other) => new(L + other.L, A + other.A, B + other.B);
}
