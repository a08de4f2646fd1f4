namespace Koalarization.Dataset.Slices;

/// <summary>The first line of a slice's manifest: enough to continue from, without the rows.</summary>
/// <param name="Round">The round.</param>
/// <param name="Slice">The slice's number in it.</param>
/// <param name="Links">Links of the slice, and so rows.</param>
/// <param name="Survivors">Rows that are kept.</param>
/// <param name="Outcomes">Rows by outcome.</param>
/// <param name="RowsSha256">Hash of all that follows this line.</param>
public sealed record SliceSummary(int Round, int Slice, int Links, int Survivors, IReadOnlyDictionary<string, int> Outcomes, string RowsSha256);
