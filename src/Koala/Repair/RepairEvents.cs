using Koalarization.Dataset.Verifying;
using Koalarization.Dataset.Wording;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Verify;

namespace Koalarization.Koala.Repair;

/// <summary>A file has the bytes again that it was written with.</summary>
/// <param name="Name">Its name in the data set.</param>
/// <param name="From">What they were taken from.</param>
internal sealed record Restored(string Name, string From) : ReportEvent
{
    public override string Sentence => $"restored {Shown(Name)}: {Shown(From)}";
}

/// <summary>With <c>--dry-run</c>: a file would be restored, or would be tried to.</summary>
/// <param name="Name">Its name in the data set.</param>
/// <param name="From">What it would be taken from.</param>
internal sealed record Restorable(string Name, string From) : ReportEvent
{
    public override string Sentence => $"would restore {Shown(Name)}: {Shown(From)}";
}

/// <summary>A file whose bytes nothing gives. It is left as it is.</summary>
/// <param name="Name">Its name in the data set.</param>
/// <param name="Reason">What was tried, or what the loss means.</param>
internal sealed record Lost(string Name, string Reason) : ReportEvent
{
    public override string Sentence => $"lost {Shown(Name)}: {Shown(Reason)}";
}

/// <summary>Something that is not for a repair to change.</summary>
internal sealed record LeftAlone(FindingKind Kind, string Name, string Detail) : ReportEvent
{
    public override string Sentence => $"left alone, {FindingNames.Of(Kind)}: {Shown(Name)}: {Shown(Detail)}";
}

/// <summary>The totals of <c>repair</c>.</summary>
/// <param name="Data">The data set or folder.</param>
/// <param name="DryRun">Whether nothing was changed.</param>
/// <param name="Restored">Files that were restored, or would be.</param>
/// <param name="Lost">Files that cannot be.</param>
/// <param name="LeftAlone">Problems that a person has to look at.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record RepairDone(string Data, bool DryRun, long Restored, long Lost, long LeftAlone, double Seconds) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string took = $"(in {Durations.Format(TimeSpan.FromSeconds(Seconds))})";
            if (Restored + Lost + LeftAlone == 0)
            {
                return $"{Data}: nothing is damaged {took}.";
            }

            string restored = $"{Amount.Of(Restored, "file")} {(DryRun ? "would be restored" : "restored")}";
            string lost = Lost > 0 ? $", {Amount.Of(Lost, "file")} lost" : "";
            string left = LeftAlone > 0 ? $", {Amount.Of(LeftAlone, "problem")} left alone" : "";
            return $"{Data}: {restored}{lost}{left} {took}.";
        }
    }
}
