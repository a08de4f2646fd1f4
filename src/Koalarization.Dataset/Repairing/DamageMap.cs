using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Verifying;

namespace Koalarization.Dataset.Repairing;

/// <summary>What a verification found, by what would have to be restored. Thread-safe for adding.</summary>
public sealed class DamageMap
{
    private const string PictureInRecord = ", picture ";

    private readonly Lock _gate = new();
    private readonly SortedSet<string> _pictures = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, Finding> _records = [];
    private readonly List<Finding> _others = [];

    /// <summary>Names of originals and resized pictures that are not what their rows say.</summary>
    public IReadOnlySet<string> Pictures => _pictures;

    /// <summary>Records with a problem, each with the first of its findings.</summary>
    public IReadOnlyDictionary<int, Finding> Records => _records;

    /// <summary>All other findings: of the state, of the views, of files that are not of the set.</summary>
    public IReadOnlyList<Finding> Others => _others;

    /// <summary>Whether a repair may restore what is wrong.</summary>
    public static bool CanBeRestored(Finding finding) => IsOfPicture(finding) || RecordOf(finding) is not null || IsDerived(finding);

    /// <summary>Adds a finding.</summary>
    public void Add(Finding finding)
    {
        lock (_gate)
        {
            if (IsOfPicture(finding))
            {
                _pictures.Add(finding.Name);
            }
            else if (RecordOf(finding) is int record)
            {
                _records.TryAdd(record, finding);
            }
            else
            {
                _others.Add(finding);
            }
        }
    }

    private static bool IsOfPicture(Finding finding) =>
        finding.Kind is FindingKind.Missing or FindingKind.Swapped or FindingKind.Changed or FindingKind.Damaged
        && (finding.Name.StartsWith($"{DataLayout.Originals}/", StringComparison.Ordinal) || finding.Name.StartsWith($"{DataLayout.Resized}/", StringComparison.Ordinal));

    private static int? RecordOf(Finding finding) =>
        !finding.IsNote && finding.Kind is not (FindingKind.Extra or FindingKind.Unfinished)
        && RecordName.TryParse(Path.GetFileName(finding.Name.Split(PictureInRecord)[0]), out RecordName record)
            ? record.Number
            : null;

    // Views, the links of a plan, and the end of a round are given by other parts of the set.
    private static bool IsDerived(Finding finding) =>
        !finding.IsNote
        && (finding.Name is DataLayout.Index or DataLayout.Summary
            || finding.Name.StartsWith($"{DataLayout.State}/plan/", StringComparison.Ordinal)
            || finding.Name.EndsWith(".closed.json", StringComparison.Ordinal));
}
