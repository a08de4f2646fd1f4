using System.Text;
using Koalarization.Dataset.Wording;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Run;

namespace Koalarization.Koala.Download;

/// <summary>The outcome of one link.</summary>
/// <param name="Outcome">One of the closed list, or <c>already_there</c>.</param>
internal sealed record LinkDone(string Url, string Name, string Outcome, string? Detail, int Tries) : ReportEvent
{
    public override string Sentence => Detail is null ? $"{Outcome}: {Shown(Url)}" : $"{Outcome} ({Shown(Detail)}): {Shown(Url)}";
}

/// <summary>The totals of <c>download</c>.</summary>
/// <param name="Links">Links of the list, after <c>--skip</c> and <c>--count</c>.</param>
/// <param name="Kept">Pictures fetched by this run.</param>
/// <param name="AlreadyThere">Pictures that the folder had already.</param>
/// <param name="LeftOut">Links without a picture, by outcome.</param>
/// <param name="Examples">One such link for each outcome.</param>
/// <param name="UnusableLines">Lines of the list that are neither a link nor a comment.</param>
/// <param name="Unusable">These by reason.</param>
/// <param name="UnusableExamples">The first of them.</param>
/// <param name="RecodedLines">Lines of the list that are not UTF-8 and were taken for Windows-1252.</param>
internal sealed record DownloadDone(
    string Output, long Links, long Kept, long AlreadyThere, IReadOnlyDictionary<string, long> LeftOut, IReadOnlyDictionary<string, string> Examples,
    long UnusableLines, IReadOnlyDictionary<string, long>? Unusable, IReadOnlyList<UnusableLine>? UnusableExamples, long RecodedLines, double Seconds)
    : ReportEvent
{
    private string? _unusable;

    public override string Sentence
    {
        get
        {
            var text = new StringBuilder();
            string existing = AlreadyThere > 0 ? $", {AlreadyThere:N0} already existed" : "";
            text.Append($"Downloaded {Amount.Of(Kept, "picture")} of {Amount.Of(Links, "link")} to {Output} in {Durations.Format(TimeSpan.FromSeconds(Seconds))}{existing}.");
            foreach ((string outcome, long count) in LeftOut.OrderByDescending(left => left.Value))
            {
                text.Append($"\n  {count,9:N0} {outcome,-17} for example {Shown(Examples[outcome])}");
            }

            if (RefusedAddresses.HintFor(LeftOut, "run the same command with") is string hint)
            {
                text.Append($"\n  {hint}");
            }

            if (UnusableLines > 0)
            {
                text.Append($"\n  {UnusableLines,9:N0} {Amount.Noun(UnusableLines, "line")} without a link\n  {_unusable}");
            }

            if (RecodedLines > 0)
            {
                text.Append($"\n {ListRead.RecodedSentence(RecodedLines)}");
            }

            return text.ToString();
        }
    }

    public static DownloadDone Of(
        string output, long links, long kept, long alreadyThere, IReadOnlyDictionary<string, long> leftOut, IReadOnlyDictionary<string, string> examples,
        LinkListCounts list, TimeSpan took) =>
        new(
            output, links, kept, alreadyThere, leftOut, examples, list.Unusable, ListRead.ByReason(list), ListRead.ExamplesOf(list), list.Recoded, took.TotalSeconds)
        {
            _unusable = list.UnusableSentence,
        };
}

/// <summary>Counts outcomes. Not thread-safe.</summary>
internal sealed class DownloadTally
{
    private readonly SortedDictionary<string, long> _leftOut = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _examples = new(StringComparer.Ordinal);
    private long _links;
    private long _kept;
    private long _alreadyThere;

    public DownloadTally Add(LinkDone link)
    {
        _links++;
        if (link.Outcome == FetchOutcomeKind.Kept.WireName())
        {
            _kept++;
        }
        else if (link.Outcome == DownloadStep.AlreadyThere)
        {
            _alreadyThere++;
        }
        else
        {
            _leftOut[link.Outcome] = _leftOut.GetValueOrDefault(link.Outcome) + 1;
            _examples.TryAdd(link.Outcome, link.Detail is null ? link.Url : $"{link.Url} ({link.Detail})");
        }

        return this;
    }

    public DownloadDone Summary(string output, LinkListCounts list, TimeSpan took) =>
        DownloadDone.Of(output, _links, _kept, _alreadyThere, _leftOut, _examples, list, took);
}
