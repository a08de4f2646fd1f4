using Koalarization.Dataset.Wording;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Split;

/// <summary>A record was renamed.</summary>
/// <param name="Repaired">Whether it had both names, after an interrupted split.</param>
internal sealed record RecordMoved(int Record, string Name, bool Validation, bool Repaired) : ReportEvent
{
    public override string Sentence => $"{Name}: {(Validation ? "for validation" : "for training")}{(Repaired ? " (had both names)" : "")}";
}

/// <summary>The split of the records.</summary>
/// <param name="Validation">Numbers of the records for validation.</param>
/// <param name="Moved">Records that this run renamed.</param>
internal sealed record SplitDone(string Folder, int Records, int Training, IReadOnlyList<int> Validation, int Moved) : ReportEvent
{
    private const int MaxNumbers = 20;

    public override string Sentence
    {
        get
        {
            string which = Validation.Count == 0 ? "" : $" ({string.Join(", ", Validation.Take(MaxNumbers))}{(Validation.Count > MaxNumbers ? ", ..." : "")})";
            return $"{Folder}: {Amount.Of(Training, "record")} for training, {Validation.Count:N0} for validation{which}; {Moved:N0} renamed.";
        }
    }
}
