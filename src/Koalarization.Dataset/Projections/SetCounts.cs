using Koalarization.Dataset.Slices;

namespace Koalarization.Dataset.Projections;

/// <summary>What is counted while a data set's rows go by.</summary>
internal sealed class SetCounts
{
    /// <summary>The outcome name of a link that has none yet.</summary>
    public const string Open = "open";

    private readonly SortedDictionary<string, long> _outcomes = new(StringComparer.Ordinal);
    private RepeatedOriginals _repeated = new();

    /// <summary>Links, each name once.</summary>
    public long Links { get; private set; }

    /// <summary>Links with a picture.</summary>
    public long Kept => _outcomes.GetValueOrDefault(LinkRow.Kept);

    /// <summary>Links by their latest outcome; <c>open</c> for those without one.</summary>
    public IReadOnlyDictionary<string, long> Outcomes => _outcomes;

    /// <summary>Originals that many links gave.</summary>
    public IReadOnlyList<RepeatedOriginal> Repeated => _repeated.Found();

    /// <summary>Counts a row.</summary>
    public void Add(SetRow row)
    {
        Links++;
        string outcome = row.Row?.Outcome ?? Open;
        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        _repeated.Add(row);
    }

    /// <summary>Counts once more what the first pass could only estimate.</summary>
    public void Settle(Func<IEnumerable<SetRow>> rows)
    {
        if (!_repeated.IsExact)
        {
            _repeated = _repeated.Recounted(rows());
        }
    }
}
