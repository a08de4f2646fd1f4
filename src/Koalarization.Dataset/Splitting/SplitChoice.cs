using Koalarization.Dataset.Records;
using Koalarization.Dataset.Wording;

namespace Koalarization.Dataset.Splitting;

/// <summary>Selects which records are for validation.</summary>
public abstract record SplitChoice
{
    /// <summary>No record.</summary>
    public static SplitChoice None { get; } = new NamedRecords([]);

    /// <summary>The records for validation.</summary>
    /// <param name="records">All records, by number, with whether each is for validation now.</param>
    /// <exception cref="RecordConflictException">A record is meant that is not there.</exception>
    public abstract IReadOnlySet<int> Choose(IReadOnlyDictionary<int, bool> records);
}

/// <summary>Exactly these records.</summary>
/// <param name="Numbers">Their numbers.</param>
public sealed record NamedRecords(IReadOnlyList<int> Numbers) : SplitChoice
{
    /// <inheritdoc/>
    public override IReadOnlySet<int> Choose(IReadOnlyDictionary<int, bool> records) =>
        Numbers.FirstOrDefault(number => !records.ContainsKey(number), -1) is int missing and >= 0
            ? throw new RecordConflictException($"there is no record {missing}; the set has {Amount.Of(records.Count, "record")}, from {records.Keys.Min()} to {records.Keys.Max()}.")
            : Numbers.ToHashSet();
}

/// <summary>
/// About this share of the records, spread over the set. Whether a record is drawn depends on its number alone, so records that come later move no
/// earlier one; and what is for validation stays so: a picture that a network was judged by must never be one that it was trained on.
/// </summary>
/// <param name="Fraction">Above 0, below 1.</param>
public sealed record DrawnRecords(double Fraction) : SplitChoice
{
    // Multiples of the golden ratio, less their whole parts, fill 0..1 more evenly than chance, wherever one stops.
    private const double GoldenRatio = 0.6180339887498949;

    /// <inheritdoc/>
    public override IReadOnlySet<int> Choose(IReadOnlyDictionary<int, bool> records)
    {
        HashSet<int> chosen = [.. records.Where(record => record.Value || LotOf(record.Key) < Fraction).Select(record => record.Key)];
        if (chosen.Count == 0 && records.Count > 1)
        {
            // A set too small for its share still gets something to validate with.
            chosen.Add(records.Keys.MinBy(LotOf));
        }

        return chosen;
    }

    private static double LotOf(int record) => ((record + 1) * GoldenRatio) % 1;
}
