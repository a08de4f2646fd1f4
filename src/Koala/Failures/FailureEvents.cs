using Koalarization.Dataset.Wording;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Failures;

/// <summary>Links that failed for one reason.</summary>
/// <param name="Details">The most frequent details, with the number of links each.</param>
internal sealed record FailureReason(string Outcome, long Links, long Failed, IReadOnlyDictionary<string, long> Details, IReadOnlyList<string> Examples) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string details = Details.Count > 0 ? $"  ({string.Join("; ", Details.Select(detail => $"{Shown(detail.Key)}: {detail.Value:N0}"))})" : "";
            return $"{Outcome,-18} {Links,10:N0}  {100.0 * Links / Failed,5:0.0} %{details}{Environment.NewLine}    for example {Shown(Examples[0])}";
        }
    }
}

/// <summary>Links of one host that failed.</summary>
internal sealed record FailureHost(string Host, long Links, IReadOnlyDictionary<string, long> Outcomes, IReadOnlyList<string> Examples) : ReportEvent
{
    public override string Sentence =>
        $"{Shown(Host),-40} {Links,10:N0}  {string.Join(", ", Outcomes.Select(outcome => $"{outcome.Key} {outcome.Value:N0}"))}";
}

/// <summary>How many links failed.</summary>
internal sealed record FailuresDone(string Data, long Links, long Failed, long Open) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string open = Open > 0 ? $", {Open:N0} still open" : "";
            return $"{Data}: {Failed:N0} of {Amount.Of(Links, "link")} without a picture{open}.";
        }
    }
}
