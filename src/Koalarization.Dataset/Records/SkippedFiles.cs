using Koalarization.Dataset.Wording;

namespace Koalarization.Dataset.Records;

/// <summary>What looked like a picture of a folder and is none of its pictures, by reason. Not thread-safe.</summary>
public sealed class SkippedFiles
{
    private readonly SortedDictionary<string, (long Count, string First)> _reasons = new(StringComparer.Ordinal);

    /// <summary>How many were skipped.</summary>
    public long Count => _reasons.Values.Sum(reason => reason.Count);

    /// <summary>What was skipped and why, in one sentence; null: nothing was.</summary>
    public string? Sentence => _reasons.Count == 0
        ? null
        : $"{Amount.Of(Count, "file or folder is", "files and folders are")} skipped: "
            + string.Join("; ", _reasons.Select(reason => $"{reason.Value.Count:N0} {reason.Key} ({Shown(reason.Value.First)})")) + ".";

    internal void Add(string path, string reason)
    {
        (long count, string first) = _reasons.GetValueOrDefault(reason, (0, path));
        _reasons[reason] = (count + 1, first);
    }

    private static string Shown(string path) => string.Concat(path.Select(letter => char.IsControl(letter) ? '?' : letter));
}
