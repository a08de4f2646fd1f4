using Koalarization.Dataset.Slices;

namespace Koalarization.Dataset.Projections;

/// <summary>What is counted while a data set's rows go by.</summary>
internal sealed class SetCounts
{
    /// <summary>The outcome name of a link that has none yet.</summary>
    public const string Open = "open";

    // Names are whatever pictures say.
    private const int MaxProfiles = 100;
    private const string OtherProfiles = "others";

    private readonly SortedDictionary<string, long> _outcomes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _profiles = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, long> _orientations = [];
    private RepeatedOriginals _repeated = new();

    /// <summary>Links, each name once.</summary>
    public long Links { get; private set; }

    /// <summary>Links with a picture.</summary>
    public long Kept => _outcomes.GetValueOrDefault(LinkRow.Kept);

    /// <summary>Links by their latest outcome; <c>open</c> for those without one.</summary>
    public IReadOnlyDictionary<string, long> Outcomes => _outcomes;

    /// <summary>Originals that many links gave.</summary>
    public IReadOnlyList<RepeatedOriginal> Repeated => _repeated.Found();

    /// <summary>Pictures by the name of their colour profile; those without one are not counted.</summary>
    public IReadOnlyDictionary<string, long> Profiles => _profiles;

    /// <summary>Pictures by how EXIF says that they are to be turned; those that are upright are not counted.</summary>
    public IReadOnlyDictionary<string, long> Orientations => _orientations.ToDictionary(pair => $"{pair.Key}", pair => pair.Value);

    /// <summary>Counts a row.</summary>
    public void Add(SetRow row)
    {
        Links++;
        string outcome = row.Row?.Outcome ?? Open;
        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        _repeated.Add(row);
        if (row.Row is { IsKept: true, Original: OriginalFacts original })
        {
            Count(original);
        }
    }

    private void Count(OriginalFacts original)
    {
        if (original.Profile is string profile)
        {
            string name = _profiles.Count < MaxProfiles || _profiles.ContainsKey(profile) ? profile : OtherProfiles;
            _profiles[name] = _profiles.GetValueOrDefault(name) + 1;
        }

        if (original.Orientation is int orientation)
        {
            _orientations[orientation] = _orientations.GetValueOrDefault(orientation) + 1;
        }
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
