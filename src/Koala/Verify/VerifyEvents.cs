using System.Text.Json;
using Koalarization.Dataset.Verifying;
using Koalarization.Dataset.Wording;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Verify;

/// <summary>A problem of a data set.</summary>
internal sealed record Problem(FindingKind Kind, string Name, string Detail) : ReportEvent
{
    public override string Sentence => $"{FindingNames.Of(Kind)}: {Shown(Name)}: {Shown(Detail)}";
}

/// <summary>A finding that is not a problem.</summary>
internal sealed record VerifyNote(FindingKind Kind, string Name, string Detail) : ReportEvent
{
    public override string Sentence => $"note, {FindingNames.Of(Kind)}: {Shown(Name)}: {Shown(Detail)}";
}

/// <summary>What was checked, and the number of problems.</summary>
internal sealed record VerifyDone(
    string Data, bool Quick, long Records, long Pictures, long Originals, long Resized, long Problems, long Notes, double Seconds) : ReportEvent
{
    /// <summary>The command that may restore what is wrong; null: none would.</summary>
    public string? Repair { get; init; }

    public override string Sentence
    {
        get
        {
            string repair = Repair is null ? "" : $"\n  {Shown(Repair)} restores what can be restored; with --dry-run it says what.";
            string files = Originals + Resized > 0 ? $", {Amount.Of(Originals, "original")}, {Amount.Of(Resized, "resized picture")}" : "";
            string notes = Notes > 0 ? $" ({Amount.Of(Notes, "note")})" : "";
            return $"{Data}: {Amount.Of(Records, "record")} with {Amount.Of(Pictures, "picture")}{files}, checked {(Quick ? "by name and size" : "in full")} " +
                $"in {Durations.Format(TimeSpan.FromSeconds(Seconds))}: {(Problems == 0 ? "no problems" : Amount.Of(Problems, "problem"))}{notes}.{repair}";
        }
    }
}

internal static class FindingNames
{
    public static string Of(FindingKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()).Replace('_', ' ');
}
