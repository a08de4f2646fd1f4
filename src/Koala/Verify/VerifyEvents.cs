using System.Text.Json;
using Koalarization.Dataset.Verifying;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Verify;

/// <summary>Something is wrong.</summary>
internal sealed record Problem(FindingKind Kind, string Name, string Detail) : ReportEvent
{
    public override string Sentence => $"{FindingNames.Of(Kind)}: {Shown(Name)}: {Shown(Detail)}";
}

/// <summary>Something is worth knowing.</summary>
internal sealed record VerifyNote(FindingKind Kind, string Name, string Detail) : ReportEvent
{
    public override string Sentence => $"note, {FindingNames.Of(Kind)}: {Shown(Name)}: {Shown(Detail)}";
}

/// <summary>What was looked at, and how much of it is wrong.</summary>
internal sealed record VerifyDone(
    string Data, bool Quick, long Records, long Pictures, long Originals, long Resized, long Problems, long Notes, double Seconds) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string files = Originals + Resized > 0 ? $", {Originals:N0} originals, {Resized:N0} resized pictures" : "";
            string notes = Notes > 0 ? $" ({Notes:N0} notes)" : "";
            return $"{Data}: {Records:N0} records with {Pictures:N0} pictures{files}, looked at {(Quick ? "by name and size" : "in full")} " +
                $"in {Durations.InWords(TimeSpan.FromSeconds(Seconds))}: {(Problems == 0 ? "all is right" : $"{Problems:N0} problems")}{notes}.";
        }
    }
}

internal static class FindingNames
{
    public static string Of(FindingKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()).Replace('_', ' ');
}
