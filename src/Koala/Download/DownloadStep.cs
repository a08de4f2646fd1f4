using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Streams;

namespace Koalarization.Koala.Download;

/// <summary>Fetches every link of a list into a folder. A picture that the folder has already is not fetched again.</summary>
internal sealed class DownloadStep(LinkDownloader downloader, TimeProvider time)
{
    // Many more than are fetched at once: links of a busy or paused host wait, and others go ahead of them.
    private const int LinksAhead = 4096;

    /// <summary>The outcome of a link whose picture the folder had already.</summary>
    public const string AlreadyThere = "already_there";

    /// <summary>Whether each link is reported, or outcomes are only counted.</summary>
    public bool Verbose { get; init; }

    public async Task<DownloadDone> RunAsync(
        LinkSource list, long skip, long? count, string output, IReporter reporter, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();

        // A list without a link is reported before the folder for its pictures is created.
        await using IAsyncEnumerator<Link> links = list.ReadAsync(skip, count, cancellation).GetAsyncEnumerator(cancellation);
        if (!await links.MoveNextAsync())
        {
            long skipped = list.Counts[LinkLineKind.Link];
            throw new UserErrorException(skipped > 0 ? $"the list has {Amount.Of(skipped, "link")}, and --skip {skip} leaves out all of them." : list.NoLinkSentence);
        }

        using WorkFolder work = WorkFolder.Open(output);
        await using var publisher = new GroupPublisher(work.Store, time);
        await using var streams = new StreamHost();
        DownloadTally tally = await reporter.MeasureAsync("download", count, meter =>
            Source.From(() => RestAsync(links, publisher, meter))
                .Via(cancellation.AsFlow<Link>(cancelGracefully: false))
                .SelectAsyncUnordered(LinksAhead, link => FetchAsync(link, work, publisher, cancellation))
                .RunAggregate(new DownloadTally(), (sum, link) =>
                {
                    meter.AdvanceLink(link.Outcome is AlreadyThere || link.Outcome == FetchOutcomeKind.Kept.WireName());
                    if (Verbose)
                    {
                        reporter.Report(link);
                    }

                    return sum.Add(link);
                }, streams.Materializer));
        work.Store.FlushNames("");
        return tally.Summary(output, list.Counts, time.GetElapsedTime(start));
    }

    private static async IAsyncEnumerable<Link> RestAsync(IAsyncEnumerator<Link> links, GroupPublisher publisher, ProgressMeter meter)
    {
        long read = 0;
        do
        {
            read++;
            yield return links.Current;
        }
        while (await links.MoveNextAsync());

        meter.SetTotal(read);
        publisher.Hurry();
    }

    private async Task<LinkDone> FetchAsync(Link link, WorkFolder work, GroupPublisher publisher, CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(work.Folder, link.Name)))
        {
            return new LinkDone(link.Url, link.Name, AlreadyThere, Detail: null, Tries: 0);
        }

        using DownloadedLink downloaded = await downloader.FetchAsync(link, cancellation);
        FetchOutcome outcome = downloaded.Outcome;
        string name = outcome.Kind.WireName();
        if (outcome.Body is PictureBody body && !await publisher.PublishAsync(body.Memory, link.Name))
        {
            name = AlreadyThere;
        }

        return new LinkDone(link.Url, link.Name, name, outcome.Detail, downloaded.Tries);
    }
}
