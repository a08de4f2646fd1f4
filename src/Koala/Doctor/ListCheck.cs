using System.Text;
using Koalarization.Harvest.Links;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Run;

namespace Koalarization.Koala.Doctor;

/// <summary>What a list of links is, before anything of it is fetched.</summary>
/// <param name="List">The list, as the user named it.</param>
/// <param name="Format">Its format.</param>
/// <param name="Encoding">Its encoding; missing for Parquet.</param>
/// <param name="Packing">How it is packed.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="UrlColumn">The column of the URLs.</param>
/// <param name="OtherUrlColumns">Other columns with URLs.</param>
/// <param name="LeftOutColumns">Columns that are not kept.</param>
/// <param name="Links">Its links, repeated ones included.</param>
/// <param name="Duplicates">Links that repeat an earlier one.</param>
/// <param name="BadUrls">Links that no request can be made of; they will end as <c>bad_url</c>.</param>
/// <param name="HostCount">Hosts in all.</param>
/// <param name="Hosts">The hosts with most links.</param>
/// <param name="FirstLinks">The first ten links.</param>
/// <param name="Comments">Lines that begin with <c>#</c>.</param>
/// <param name="UnusableLines">Lines that hold no link.</param>
/// <param name="Unusable">These by reason.</param>
/// <param name="UnusableExamples">The first of them.</param>
/// <param name="RecodedLines">Lines that are not UTF-8 and are taken for Windows-1252.</param>
internal sealed record ListCheck(
    string List, ListFormat Format, string? Encoding, string? Packing, IReadOnlyList<string>? Columns, string? UrlColumn, IReadOnlyList<string>? OtherUrlColumns, IReadOnlyCollection<string>? LeftOutColumns,
    long Links, long Duplicates, long BadUrls, int HostCount, IReadOnlyDictionary<string, long> Hosts, IReadOnlyList<string> FirstLinks, long Comments,
    long UnusableLines, IReadOnlyDictionary<string, long>? Unusable, IReadOnlyList<UnusableLine>? UnusableExamples, long RecodedLines)
    : ReportEvent
{
    private const int HostsShown = 10;

    private string _format = "";
    private string? _unusable;

    public override string Sentence
    {
        get
        {
            var text = new StringBuilder();
            Row("list", Shown(List));
            Row("format", $"{_format}{(Encoding is null ? "" : $", {Encoding}")}{(Packing is null ? "" : $", packed as {Packing}")}");
            Row("columns", Columns is null ? null : string.Join(", ", Columns.Select(Shown)));
            Row("left out", LeftOutColumns is null ? null : $"columns {string.Join(", ", LeftOutColumns.Select(Shown))}: nested, bytes, or not readable");
            Row("other URLs", OtherUrlColumns is null ? null : $"also in {string.Join(", ", OtherUrlColumns.Select(Shown))}; --url-column takes one of them");
            Row("links", $"{Links:N0}{(Duplicates > 0 ? $", of which {Duplicates:N0} repeat an earlier one and are fetched once" : ", none repeats another")}");
            Row("bad URLs", BadUrls == 0 ? null : $"{BadUrls:N0}, which will end as bad_url");
            Row("hosts", $"{HostCount:N0}: {string.Join(", ", Hosts.Select(host => $"{Shown(host.Key)} ({host.Value:N0})"))}{(HostCount > Hosts.Count ? ", ..." : "")}");
            Row("skipped", _unusable ?? "no line");
            Row("comments", Comments == 0 ? null : $"{Comments:N0}");
            Row("encoding", RecodedLines == 0 ? null : LinesRecoded());
            Row("first links", FirstLinks.Count == 0 ? null : string.Join("\n            ", FirstLinks.Select(Shown)));
            return text.ToString().TrimEnd();

            void Row(string name, string? value)
            {
                if (value is not null)
                {
                    text.Append($"{name,-11} {value}\n");
                }
            }
        }
    }

    /// <summary>Reads a list to its end.</summary>
    public static async Task<ListCheck> OfAsync(string source, LinkSource list, CancellationToken cancellation)
    {
        ListSurvey survey = await ListSurvey.OfAsync(list, cancellation);
        ListDescription description = list.Description;
        LinkListCounts counts = list.Counts;
        return new ListCheck(
            source, description.Format, description.Encoding.Length > 0 ? description.Encoding : null, description.Packing.Length > 0 ? description.Packing : null,
            description.Columns.Count > 0 ? description.Columns : null, description.UrlColumn, description.OtherUrlColumns.Count > 0 ? description.OtherUrlColumns : null,
            description.LeftOutColumns.Count > 0 ? description.LeftOutColumns : null,
            survey.Links, survey.Duplicates, survey.BadUrls, survey.HostCount, survey.Hosts(HostsShown).ToDictionary(), survey.First, counts[LinkLineKind.Comment],
            counts.Unusable, ListRead.ByReason(counts), ListRead.ExamplesOf(counts), counts.Recoded)
        {
            _format = description.Text,
            _unusable = counts.UnusableSentence,
        };
    }

    private string LinesRecoded() => ListRead.RecodedSentence(RecodedLines).Trim();
}
