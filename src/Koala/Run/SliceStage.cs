using System.Runtime.CompilerServices;
using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Cluster;
using Koalarization.Dataset;
using Koalarization.Koala.Download;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Streams;
using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Koala.Run;

/// <summary>
/// Open slices in, manifests out. Links of several slices are worked on at once, so that a slow host holds up its own slices and not the rest;
/// a slice is committed when its last link has its row and all that the rows speak of is durable.
/// </summary>
internal sealed class SliceStage(JobParameters job, FileDataStore store, LinkWorker worker, JobEnd until) : IDisposable
{
    // A process that was lost with a slice twice may have been killed by one of its pictures.
    private const int LossesBeforeCare = 2;

    // Links that wait for their host, for a pause, or for their group to be durable hold little; bodies and requests in flight are bounded elsewhere.
    private const int LinksAtOnce = 16384;

    // A host that answers slowly has links in every slice: what is finished of them waits in memory, and is what a kill costs.
    private const int SlicesAtOnce = 64;
    private const int CommitsAtOnce = 2;

    private readonly DataLayout _layout = new(job.FansOut);
    private readonly SemaphoreSlim _slices = new(SlicesAtOnce);

    /// <summary>Fits pictures in this process.</summary>
    public required IPictureFitter Fitter { get; init; }

    /// <summary>Fits pictures in a process of its own, for slices whose pictures may kill it.</summary>
    public required IPictureFitter CarefulFitter { get; init; }

    /// <summary>Called when the last link has been begun: from then on fewer and fewer are in work.</summary>
    public Action AllBegun { get; init; } = () => { };

    /// <summary>Whether every link is told of.</summary>
    public bool Verbose { get; init; }

    /// <summary>Works on the open slices of the rounds.</summary>
    /// <param name="rounds">The rounds' plans.</param>
    /// <param name="board">Knows which slices are open, and is told of each that is not any more.</param>
    public async Task RunAsync(
        IReadOnlyList<RoundPlan> rounds, LedgerBoard board, IReporter reporter, ProgressMeter meter, CancellationToken cancellation)
    {
        await using var streams = new StreamHost();
        await Source.From(() => OpenLinksAsync(rounds, board, cancellation))
            .Via(cancellation.AsFlow<LinkInWork>(cancelGracefully: false))
            .SelectAsyncUnordered(LinksAtOnce, link => WorkAsync(link, cancellation))
            .SelectMany(done => Tell(done.Link, done.Row, reporter, meter))
            .SelectAsyncUnordered(CommitsAtOnce, slice => Task.Run(() => Commit(slice)))
            .RunForeach(slice => Resolved(slice, board), streams.Materializer);
    }

    public void Dispose() => _slices.Dispose();

    private async IAsyncEnumerable<LinkInWork> OpenLinksAsync(
        IReadOnlyList<RoundPlan> rounds, LedgerBoard board, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (RoundPlan plan in rounds)
        {
            IReadOnlyDictionary<int, int> losses = OwnerSpace.Losses(store, plan.Round);
            foreach (int number in board.Rounds.Single(round => round.Round == plan.Round).OpenSlices())
            {
                await _slices.WaitAsync(cancellation);
                SliceInWork slice = Begin(plan, number, losses.GetValueOrDefault(number));
                for (int place = 0; place < slice.Links.Count; place++)
                {
                    yield return new LinkInWork(slice, place);
                }
            }
        }

        AllBegun();
    }

    private SliceInWork Begin(RoundPlan plan, int slice, int losses)
    {
        OwnerSpace.MarkSlice(store, plan.Round, slice);
        string fetched = DataLayout.Fetched(plan.Round, slice);
        return new SliceInWork(
            plan.Round, slice, plan.ReadSlice(slice),
            until != JobEnd.Download && store.SizeOf(fetched) is not null ? SliceManifest.Read(store, fetched).Rows : null,
            losses >= LossesBeforeCare ? CarefulFitter : Fitter);
    }

    private void Resolved(SliceSummary slice, LedgerBoard board)
    {
        _slices.Release();
        board.Resolved(slice.Round, slice.Slice, slice.Survivors);
    }

    private async Task<(LinkInWork Link, LinkRow Row)> WorkAsync(LinkInWork link, CancellationToken cancellation) =>
        (link, await worker.WorkAsync(link.Link, link.Slice.Fetched?[link.Place], link.Slice.Fitter, cancellation));

    /// <summary>Tells of a link, and gives its slice when it was the last.</summary>
    private IEnumerable<SliceInWork> Tell(LinkInWork link, LinkRow row, IReporter reporter, ProgressMeter meter)
    {
        meter.Advance();
        if (Verbose)
        {
            reporter.Say(new LinkDone(link.Link.Url ?? link.Link.Name, row.Name, row.Outcome, row.Detail, row.Tries));
        }

        return link.Slice.Set(link.Place, row) ? [link.Slice] : [];
    }

    private SliceSummary Commit(SliceInWork slice)
    {
        IReadOnlyList<LinkRow> rows = slice.Rows;
        string[] kept = [.. rows.Where(row => row.IsKept).Select(row => row.Name)];
        foreach (string folder in (string[])[DataLayout.Originals, DataLayout.Resized])
        {
            foreach (string part in _layout.FoldersOf(folder, kept))
            {
                store.FlushNames(part);
            }
        }

        string name = until == JobEnd.Download ? DataLayout.Fetched(slice.Round, slice.Slice) : DataLayout.Slice(slice.Round, slice.Slice);
        SliceSummary summary = SliceManifest.Publish(store, name, slice.Round, slice.Slice, rows);
        OwnerSpace.UnmarkSlice(store, slice.Round, slice.Slice);
        return summary;
    }
}
