using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Split;

/// <summary>A record got its other name.</summary>
/// <param name="Healed">Whether it had both, as an interrupted split leaves it.</param>
internal sealed record RecordMoved(int Record, string Name, bool Validation, bool Healed) : ReportEvent
{
    public override string Sentence => $"{Name}: {(Validation ? "for validation" : "for training")}{(Healed ? " (had both names)" : "")}";
}

/// <summary>How the records are split now.</summary>
/// <param name="Validation">Numbers of the records for validation.</param>
/// <param name="Moved">Records whose name this run changed.</param>
internal sealed record SplitDone(string Folder, int Records, int Training, IReadOnlyList<int> Validation, int Moved) : ReportEvent
{
    private const int Named = 20;

    public override string Sentence
    {
        get
        {
            string which = Validation.Count == 0 ? "" : $" ({string.Join(", ", Validation.Take(Named))}{(Validation.Count > Named ? ", ..." : "")})";
            return $"{Folder}: {Training:N0} records for training, {Validation.Count:N0} for validation{which}; {Moved:N0} renamed.";
        }
    }
}
