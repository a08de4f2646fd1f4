namespace Koalarization.Dataset.Composition;

/// <summary>What the mean and the deviation of a set of pixels are computed from; sets add up.</summary>
/// <param name="Pixels">How many there are.</param>
/// <param name="Sums">Their sums.</param>
/// <param name="Squares">The sums of their squares.</param>
public sealed record ColourStatistics(long Pixels, LabSums Sums, LabSums Squares)
{
    /// <summary>Of no pixels.</summary>
    public static ColourStatistics None { get; } = new(0, LabSums.Zero, LabSums.Zero);

    /// <summary>Of the pixels of both.</summary>
    public static ColourStatistics operator +(ColourStatistics left, ColourStatistics right) => left.Add(right);

    /// <summary>Of the pixels of both.</summary>
    public ColourStatistics Add(ColourStatistics other) => new(Pixels + other.Pixels, Sums + other.Sums, Squares + other.Squares);
}
