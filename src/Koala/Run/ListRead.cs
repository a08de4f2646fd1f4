using Koalarization.Dataset.Wording;
using Koalarization.Harvest.Links;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Run;

/// <summary>A list of links was read.</summary>
/// <param name="List">The list, as the user named it.</param>
/// <param name="Format">Its format.</param>
/// <param name="Encoding">Its encoding.</param>
/// <param name="UrlColumn">The column of the URLs.</param>
/// <param name="Links">Its links, before <c>--skip</c> and <c>--count</c>, as far as it was read.</param>
/// <param name="UnusableLines">Lines that hold no link.</param>
/// <param name="Unusable">These by reason.</param>
/// <param name="UnusableExamples">The first of them.</param>
/// <param name="RecodedLines">Lines that are not UTF-8 and were taken for Windows-1252.</param>
internal sealed record ListRead(
    string List, ListFormat Format, string Encoding, string? UrlColumn, long Links, long UnusableLines, IReadOnlyDictionary<string, long>? Unusable,
    IReadOnlyList<UnusableLine>? UnusableExamples, long RecodedLines)
    : ReportEvent
{
    private string _description = "";
    private string _notes = "";

    public override string Sentence => $"Read {Amount.Of(Links, "link")} of {Shown(List)} ({_description}).{_notes}";

    /// <summary>What there is to tell of a list; null when it is a plain one without a flaw.</summary>
    public static ListRead? Of(string source, LinkSource list)
    {
        LinkListCounts counts = list.Counts;
        ListDescription description = list.Description;
        bool isPlain = description is { Format: ListFormat.Text, Encoding: "utf-8" } && counts.Unusable == 0 && counts.Recoded == 0;
        return isPlain ? null : new ListRead(
            source, description.Format, description.Encoding, description.UrlColumn, counts[LinkLineKind.Link], counts.Unusable,
            ByReason(counts), ExamplesOf(counts), counts.Recoded)
        {
            _description = description.Text + (description.Encoding is "" or "utf-8" ? "" : $", {description.Encoding}"),
            _notes = $"{OtherColumns(description)}{(counts.UnusableSentence is string unusable ? " " + unusable : "")}{RecodedSentence(counts.Recoded)}",
        };
    }

    private static string OtherColumns(ListDescription list) =>
        list.OtherUrlColumns.Count == 0 ? "" : $" There are URLs in {string.Join(", ", list.OtherUrlColumns.Select(Shown))} too; --url-column takes another column.";

    /// <summary>Unusable lines by the names of their reasons; null: there are none.</summary>
    public static IReadOnlyDictionary<string, long>? ByReason(LinkListCounts counts) =>
        counts.Unusable == 0 ? null : counts.UnusableByKind.ToDictionary(kind => LinkListCounts.NameOf(kind.Key), kind => kind.Value);

    /// <summary>The first unusable lines; null: there are none.</summary>
    public static IReadOnlyList<UnusableLine>? ExamplesOf(LinkListCounts counts) => counts.Examples is { Count: > 0 } examples ? examples : null;

    /// <summary>What is told of lines in another encoding, behind other sentences.</summary>
    public static string RecodedSentence(long lines) =>
        lines == 0 ? "" : $" {Amount.Of(lines, "line is", "lines are")} not UTF-8 and taken for Windows-1252.";
}
