using System.Text.Json;
using Koalarization.Dataset.Verifying;
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
    public override string Sentence
    {
        get
        {
            string files = Originals + Resized > 0 ? $", {Quantity.Of(Originals, "original")}, {Quantity.Of(Resized, "resized picture")}" : "";
            string notes = Notes > 0 ? $" ({Quantity.Of(Notes, "note")})" : "";
            return $"{Data}: {Quantity.Of(Records, "record")} with {Quantity.Of(Pictures, "picture")}{files}, checked {(Quick ? "by name and size" : "in full")} " +
                $"in {Durations.Format(TimeSpan.FromSeconds(Seconds))}: {(Problems == 0 ? "no problems" : Quantity.Of(Problems, "problem"))}{notes}.";
        }
    }
}

internal static class FindingNames
{
    public static string Of(FindingKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()).Replace('_', ' ');
}
