using System.CommandLine;
using Koalarization.Dataset.Repairing;
using Koalarization.Dataset.State;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Download;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Repair;

/// <summary>Fetches originals from their links, by the rules of the round that kept them.</summary>
/// <param name="limits">The options of fetching, for rounds that have no rules of their own.</param>
/// <param name="arguments">What the user gave.</param>
/// <param name="rules">The rules of a round; null: it has none.</param>
/// <param name="services">The program's services.</param>
/// <param name="reporter">Is told of hosts and networks that do not answer.</param>
/// <param name="time">The clock.</param>
internal sealed class OriginalFetch(
    FetchLimits limits, ParseResult arguments, Func<int, FetchRules?> rules, KoalaServices services, IReporter reporter, TimeProvider time)
{
    /// <summary>Fetches originals; each ends in one of the two calls, from any thread.</summary>
    /// <param name="originals">The originals.</param>
    /// <param name="fetched">Gets a body, which is valid until it returns.</param>
    /// <param name="failed">Gets the outcome of a link that gives none.</param>
    /// <param name="cancellation">Ends all.</param>
    public async Task RunAsync(
        IReadOnlyList<DamagedPicture> originals, Action<DamagedPicture, ReadOnlyMemory<byte>> fetched, Action<DamagedPicture, string> failed,
        CancellationToken cancellation)
    {
        FetchOptions fetch = limits.Options(arguments);
        DownloadOptions own = limits.DownloadOptions(arguments, reporter);
        foreach (IGrouping<int, DamagedPicture> round in originals.GroupBy(original => original.Round))
        {
            FetchRules its = rules(round.Key) ?? new FetchRules();
            using var fetcher = new LinkFetcher(its.ApplyTo(fetch), check: null, services.Resolver, time);
            DownloadOptions options = own with { Retry = its.ApplyTo(own.Retry), TryTimeout = its.TryTimeout() ?? own.TryTimeout };
            using var downloader = new LinkDownloader(fetcher, options, new OutageNoticeFormatter(reporter, verbose: false).Report);
            await Parallel.ForEachAsync(round, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellation }, async (original, cancelled) =>
            {
                using DownloadedLink link = await downloader.FetchAsync(Link.Of(original.Link.Url!, original.Link.Words ?? ""), cancelled);
                if (link.Outcome.Body is PictureBody body)
                {
                    fetched(original, body.Memory);
                }
                else
                {
                    failed(original, link.Outcome.Detail is string detail ? $"{link.Outcome.Kind.WireName()} ({detail})" : link.Outcome.Kind.WireName());
                }
            });
        }
    }
}
