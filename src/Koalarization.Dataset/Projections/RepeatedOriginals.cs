using Koalarization.Dataset.Slices;

namespace Koalarization.Dataset.Projections;

/// <summary>
/// Finds originals that many links gave: mostly what a host answers in place of a picture that is gone. Memory is bounded after Misra and Gries,
/// "Finding repeated elements" (1982): what comes more often than one time in <see cref="Counters"/> is always found.
/// </summary>
internal sealed class RepeatedOriginals
{
    private const int Counters = 1 << 16;
    private const int Often = 10;

    private Dictionary<string, (int Count, long Bytes, string Name)> _counts = new(StringComparer.Ordinal);

    /// <summary>Whether the counts are exact; when not, a second pass with <see cref="Recounted"/> makes them so.</summary>
    public bool IsExact { get; private set; } = true;

    /// <summary>Counts an original.</summary>
    public void Add(SetRow row)
    {
        if (row.Row is not { IsKept: true, Original: OriginalFacts original })
        {
            return;
        }

        if (_counts.TryGetValue(original.Sha256, out var seen))
        {
            _counts[original.Sha256] = seen with { Count = seen.Count + 1 };
        }
        else if (_counts.Count < Counters)
        {
            _counts.Add(original.Sha256, (1, original.Bytes, row.Link.Name));
        }
        else
        {
            IsExact = false;
            _counts = _counts.Where(pair => pair.Value.Count > 1)
                .ToDictionary(pair => pair.Key, pair => pair.Value with { Count = pair.Value.Count - 1 }, StringComparer.Ordinal);
        }
    }

    /// <summary>Counts exactly those that may come often.</summary>
    public RepeatedOriginals Recounted(IEnumerable<SetRow> rows)
    {
        var exact = new RepeatedOriginals();
        foreach (SetRow row in rows.Where(row => row.Row?.Original is OriginalFacts original && _counts.ContainsKey(original.Sha256)))
        {
            exact.Add(row);
        }

        return exact;
    }

    /// <summary>Those that came often, the most frequent first.</summary>
    public IReadOnlyList<RepeatedOriginal> Found() =>
    [
        .. _counts.Where(pair => pair.Value.Count >= Often)
            .Select(pair => new RepeatedOriginal(pair.Key, pair.Value.Bytes, pair.Value.Count, pair.Value.Name))
            .OrderByDescending(repeated => repeated.Links).ThenBy(repeated => repeated.Sha256, StringComparer.Ordinal),
    ];
}

/// <summary>An original that many links gave.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Links">How many links gave it.</param>
/// <param name="Example">The name of one of its pictures.</param>
public sealed record RepeatedOriginal(string Sha256, long Bytes, int Links, string Example);
