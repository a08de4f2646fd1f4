using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Pipeline.Jobs;
using Koalarization.Pipeline.Links;
using Koalarization.Pipeline.Resizing;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Fetching;

/// <summary>Works on one leased slice: brings every link to its row, then commits the rows. One use; thread-safe.</summary>
/// <param name="lease">The slice.</param>
/// <param name="rounds">Opens its round.</param>
/// <param name="fetch">Fetches a link to its final outcome.</param>
/// <param name="progress">Counts its links.</param>
/// <param name="listener">Called for links that end.</param>
/// <param name="logger">The log.</param>
#pragma warning disable CA1001 // The source of the stop has no timer and no wait handle: nothing of it outlives the object.
internal sealed class SliceProcessor(
    FetchProtocol.SliceLeased lease,
    RoundContexts rounds,
    Func<Link, CancellationToken, Task<DownloadedLink>> fetch,
    SliceProgress progress,
    INodeListener listener,
    ILogger logger)
#pragma warning restore CA1001
{
    private const int MaxFailures = 3;

    // The bound of a hand-back's details on the wire.
    private const int MaxDetail = 100;

    private readonly CancellationTokenSource _stop = new();
    private volatile LinkRow?[] _rows = [];
    private volatile bool _isCommitting;

    public SliceId Slice => lease.Slice;

    /// <summary>Whether every link has its row, and the rows are being committed.</summary>
    public bool IsCommitting => _isCommitting;

    private bool OnlyFetches => lease.Until == JobEnd.Download;

    private string Manifest => OnlyFetches ? DataLayout.Fetched(Slice.Round, Slice.Slice) : DataLayout.Slice(Slice.Round, Slice.Slice);

    /// <summary>Does the whole work, and ends when no part of it runs any more.</summary>
    /// <returns>The committed manifest, this one's or another's.</returns>
    /// <exception cref="OperationCanceledException"><see cref="Stop"/> was called.</exception>
    public Task<SliceSummary> RunAsync() => Task.Run(() => rounds.UseAsync(lease.Data, Slice.Round, lease.Fetch, ProcessAsync));

    /// <summary>Ends the work without a commit, unless it is being committed.</summary>
    public void Stop() => _ = _stop.CancelAsync();

    /// <summary>The links that came to an outcome other than kept so far.</summary>
    public IReadOnlyList<FetchProtocol.EndedLink> EndedLinks() =>
        [.. _rows.Index().Where(row => row.Item is { IsKept: false }).Select(row => Ended(row.Index, row.Item!))];

    private static FetchProtocol.EndedLink Ended(int index, LinkRow row) =>
        new(index, row.Outcome, row.Detail is { Length: > MaxDetail } detail ? detail[..MaxDetail] : row.Detail, row.Tries);

    private async Task<SliceSummary> ProcessAsync(RoundContext round)
    {
        if (round.Store.SizeOf(Manifest) is not null)
        {
            return SliceManifest.ReadSummary(round.Store, Manifest);
        }

        IReadOnlyList<PlannedLink> links = round.Plan.ReadSlice(Slice.Slice);
        round.MarkSlice(Slice.Slice);
        try
        {
            await ProcessLinksAsync(round, links);
            _stop.Token.ThrowIfCancellationRequested();
            _isCommitting = true;
            return Commit(round);
        }
        finally
        {
            round.UnmarkSlice(Slice.Slice);
        }
    }

    private async Task ProcessLinksAsync(RoundContext round, IReadOnlyList<PlannedLink> links)
    {
        string fetchedManifest = DataLayout.Fetched(Slice.Round, Slice.Slice);
        IReadOnlyList<LinkRow>? fetched = !OnlyFetches && round.Store.SizeOf(fetchedManifest) is not null
            ? SliceManifest.Read(round.Store, fetchedManifest).Rows
            : null;
        LinkRow?[] ended = EndedRows(links);
        IPictureResizer resizer = round.Resizer(OnlyFetches, lease.IsSandboxed);
        _rows = new LinkRow?[links.Count];
        progress.Begun(links.Count);
        round.BeginLinks(links.Count);
        await Task.WhenAll(Enumerable.Range(0, links.Count).Select(ProcessLinkAsync).ToList());

        async Task ProcessLinkAsync(int index)
        {
            var processor = new LinkProcessor(
                round, new CountedResizer(resizer, took => OnResized(index, links[index].Name, took)), (link, cancellation) => FetchAsync(index, link, cancellation));
            try
            {
                LinkRow row = await RetryAsync(links[index], async () =>
                {
                    LinkRow row = _rows[index] ??= await processor.ProcessAsync(links[index], fetched?[index], ended[index], _stop.Token);
                    listener.LinkEnded(links[index], row);
                    FetchInstruments.LinkEnded(row);
                    return row;
                });
                progress.Ended(index, row.IsKept);
            }
            finally
            {
                round.EndLink();
            }
        }
    }

    private async Task<DownloadedLink> FetchAsync(int index, Link link, CancellationToken cancellation)
    {
        long begin = TimeProvider.System.GetTimestamp();
        DownloadedLink downloaded = await fetch(link, cancellation);
        progress.Fetched(index);
        if (PictureTrace.IsOn)
        {
            PictureTrace.Ended(
                "fetch", lease.Data, link.Name, TimeProvider.System.GetElapsedTime(begin), ("koala.outcome", downloaded.Outcome.Kind.WireName()), ("koala.tries", downloaded.Tries));
        }

        return downloaded;
    }

    private void OnResized(int index, string name, TimeSpan took)
    {
        progress.Resized(index);
        PictureTrace.Ended("resize", lease.Data, name, took);
    }

    private LinkRow?[] EndedRows(IReadOnlyList<PlannedLink> links)
    {
        var rows = new LinkRow?[links.Count];
        foreach (FetchProtocol.EndedLink link in lease.Ended.Where(link => link.Index >= 0 && link.Index < links.Count))
        {
            rows[link.Index] = new LinkRow(links[link.Index].Name, link.Outcome, link.Detail, link.Tries, Original: null, Resized: null);
        }

        return rows;
    }

    /// <summary>Repeats work that fails unexpectedly, a few times; then the whole slice is stopped.</summary>
    private async Task<LinkRow> RetryAsync(PlannedLink link, Func<Task<LinkRow>> work)
    {
        for (int failures = 1; ; failures++)
        {
            _stop.Token.ThrowIfCancellationRequested();
            try
            {
                return await work();
            }
            catch (Exception exception)
            {
                if (_stop.IsCancellationRequested)
                {
                    // The stop is the reason, whatever it made fail.
                    throw new OperationCanceledException(exception.Message, exception, _stop.Token);
                }

                if (StoreFault.Is(exception) || failures == MaxFailures)
                {
                    await _stop.CancelAsync();
                    throw;
                }

                FetchLog.LinkFailed(logger, link.Name, failures, exception);
            }
        }
    }

    private SliceSummary Commit(RoundContext round)
    {
        LinkRow[] rows = [.. _rows.Select(row => row!)];
        var layout = new DataLayout(round.Job.FansOut);
        string[] kept = [.. rows.Where(row => row.IsKept).Select(row => row.Name)];
        foreach (string folder in (string[])[DataLayout.Originals, DataLayout.Resized])
        {
            foreach (string part in layout.FoldersOf(folder, kept))
            {
                round.Store.FlushNames(part);
            }
        }

        return SliceManifest.Publish(round.Store, Manifest, Slice.Round, Slice.Slice, rows);
    }
}
