using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Dataset;
using Koalarization.Harvest;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Streams;

namespace Koalarization.Koala.Download;

/// <summary>Fetches every link of a list into a folder. A picture that the folder has already is not fetched again.</summary>
internal sealed class DownloadStep(LinkFetcher fetcher, RetryOptions retries, int parallel, TimeProvider time)
{
    /// <summary>What a link is told when the folder had its picture before.</summary>
    public const string AlreadyThere = "already_there";

    /// <summary>Whether every link is told of, or those without a picture are counted only.</summary>
    public bool Verbose { get; init; }

    public async Task<DownloadDone> RunAsync(
        LinkSource list, long skip, long? count, string output, IReporter reporter, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        using WorkFolder work = WorkFolder.Open(output);
        await using var streams = new StreamHost();
        DownloadTally tally = await reporter.MeasureAsync("download", count, meter =>
            Source.From(() => list.ReadAsync(skip, count, cancellation))
                .Via(cancellation.AsFlow<Link>(cancelGracefully: false))
                .SelectAsyncUnordered(parallel, link => FetchAsync(link, work, cancellation))
                .RunAggregate(new DownloadTally(), (sum, link) =>
                {
                    meter.Advance();
                    if (Verbose)
                    {
                        reporter.Say(link);
                    }

                    return sum.Add(link);
                }, streams.Materializer));
        return tally.Summary(output, list.Counts.Unusable, time.GetElapsedTime(start));
    }

    private static bool Publish(WorkFolder work, string name, ReadOnlySpan<byte> picture)
    {
        using IDraft draft = work.Store.NewDraft();
        draft.Content.Write(picture);
        return work.Store.Publish(draft, name);
    }

    private async Task<LinkDone> FetchAsync(Link link, WorkFolder work, CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(work.Folder, link.Name)))
        {
            return new LinkDone(link.Url, link.Name, AlreadyThere, Detail: null, Tries: 0);
        }

        for (int attempt = 1; ; attempt++)
        {
            using FetchOutcome outcome = await fetcher.FetchAsync(link, cancellation);
            if (RetryPolicy.PauseBeforeNextTry(outcome, attempt, Random.Shared.NextDouble(), retries) is TimeSpan pause)
            {
                await Task.Delay(pause, time, cancellation);
                continue;
            }

            string word = outcome.Kind.WireName();
            if (outcome.Body is PictureBody body && !Publish(work, link.Name, body.Memory.Span))
            {
                word = AlreadyThere;
            }

            return new LinkDone(link.Url, link.Name, word, outcome.Detail, attempt);
        }
    }
}
