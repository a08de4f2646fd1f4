using System.Text;
using Koalarization.Harvest.Fetching;
using Koalarization.Koala.Reporting;

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
internal sealed record DownloadDone(
    string Output, long Links, long Kept, long AlreadyThere, IReadOnlyDictionary<string, long> LeftOut, IReadOnlyDictionary<string, string> Examples,
    long UnusableLines, double Seconds)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            var text = new StringBuilder();
            string existing = AlreadyThere > 0 ? $", {AlreadyThere:N0} already existed" : "";
            text.Append($"Downloaded {Kept:N0} pictures of {Links:N0} links to {Output} in {Durations.Format(TimeSpan.FromSeconds(Seconds))}{existing}.");
            foreach ((string outcome, long count) in LeftOut.OrderByDescending(left => left.Value))
            {
                text.Append($"\n  {count,9:N0} {outcome,-17} for example {Shown(Examples[outcome])}");
            }

            if (UnusableLines > 0)
            {
                text.Append($"\n  {UnusableLines,9:N0} lines without a link");
            }

            return text.ToString();
        }
    }
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

    public DownloadDone Summary(string output, long unusableLines, TimeSpan took) =>
        new(output, _links, _kept, _alreadyThere, _leftOut, _examples, unusableLines, took.TotalSeconds);
}
