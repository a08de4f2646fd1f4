using Akka.Actor;
using Koalarization.Dataset;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>The work on one slice that must not be done on an actor's thread: the disk's part, and what the links' tasks do. One use.</summary>
#pragma warning disable CA1001 // CloseAsync disposes of what it owns.
internal sealed class SliceWork(FetchParts parts, FetchProtocol.SliceLeased lease, SliceProgress progress)
#pragma warning restore CA1001
{
    private const int MaxFailures = 3;

    private readonly CancellationTokenSource _stopping = new();
    private RoundInWork? _round;
    private OpenSlice? _slice;
    private Task _work = Task.CompletedTask;
    private int _left;

    private bool OnlyFetches => lease.Until == JobEnd.Download;

    private string Manifest => OnlyFetches
        ? DataLayout.Fetched(lease.Slice.Round, lease.Slice.Slice)
        : DataLayout.Slice(lease.Slice.Round, lease.Slice.Slice);

    /// <summary>Opens the slice.</summary>
    /// <returns>Its links to be worked on; or the manifest that stands already, because another was there first.</returns>
    public Task<(int Links, SliceSummary? Standing)> OpenAsync()
    {
        var open = Task.Run(Open);
        _work = open;
        return open;
    }

    /// <summary>Begins every link.</summary>
    /// <param name="ended">Called from any thread with a link, its place and its row.</param>
    /// <param name="failed">Called from any thread with what keeps a link from being gone on with.</param>
    public void Begin(Action<int, PlannedLink, LinkRow> ended, Action<Exception> failed) => _work = Task.Run(async () =>
    {
        OpenSlice slice = _slice!;
        _left = slice.Links.Count;
        _round!.Begun(_left);
        using var worker = new LinkWorker(_round.Job, _round.Store, _round.Publisher, FetchAsync, parts.Files);
        await Task.WhenAll([.. Enumerable.Range(0, _left).Select(place => WorkAsync(worker, slice, place, ended, failed))]);
    });

    /// <summary>Commits the slice, and says what stands.</summary>
    public Task<SliceSummary> CommitAsync(IReadOnlyList<LinkRow> rows)
    {
        var commit = Task.Run(() => Commit(rows));
        _work = Task.WhenAll(_work, commit);
        return commit;
    }

    /// <summary>Ends what is left of the work, in order.</summary>
    public Task CloseAsync() => Task.Run(async () =>
    {
        await _stopping.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_slice is not null)
        {
            _round!.Ended(_left);
            OwnerSpace.UnmarkSlice(_round.Store, lease.Slice.Round, lease.Slice.Slice);
        }

        if (_round is not null)
        {
            await parts.Rounds.LeaveAsync(lease.Data, lease.Slice.Round, OnlyFetches);
        }

        _stopping.Dispose();
    });

    private (int Links, SliceSummary? Standing) Open()
    {
        SliceId slice = lease.Slice;
        _round = parts.Rounds.Enter(lease.Data, slice.Round, OnlyFetches);
        if (_round.Store.SizeOf(Manifest) is not null)
        {
            return (0, SliceManifest.ReadSummary(_round.Store, Manifest));
        }

        _slice = OpenSlice.Read(_round, lease);
        OwnerSpace.MarkSlice(_round.Store, slice.Round, slice.Slice);
        return (_slice.Links.Count, null);
    }

    private SliceSummary Commit(IReadOnlyList<LinkRow> rows)
    {
        FileDataStore store = _round!.Store;
        var layout = new DataLayout(_round.Job.FansOut);
        string[] kept = [.. rows.Where(row => row.IsKept).Select(row => row.Name)];
        foreach (string folder in (string[])[DataLayout.Originals, DataLayout.Resized])
        {
            foreach (string part in layout.FoldersOf(folder, kept))
            {
                store.FlushNames(part);
            }
        }

        return SliceManifest.Publish(store, Manifest, lease.Slice.Round, lease.Slice.Slice, rows);
    }

    private async Task WorkAsync(LinkWorker worker, OpenSlice slice, int place, Action<int, PlannedLink, LinkRow> ended, Action<Exception> failed)
    {
        PlannedLink link = slice.Links[place];
        for (int failures = 1; !_stopping.IsCancellationRequested; failures++)
        {
            try
            {
                LinkRow row = await worker.WorkAsync(link, slice.Fetched?[place], slice.Ended[place], slice.Fitter, _stopping.Token);
                Interlocked.Decrement(ref _left);
                _round!.Ended(1);
                ended(place, link, row);
                return;
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (StoreFault.Is(exception) || failures == MaxFailures)
            {
                failed(exception);
                return;
            }
            catch (Exception exception)
            {
                FetchLog.LinkFailed(parts.Logger, link.Name, failures, exception);
            }
        }
    }

    private async Task<HarvestedLink> FetchAsync(Link link, CancellationToken cancellation)
    {
        var fetch = new LinkProtocol.FetchLink(link, parts.Places.Of(lease.Slice.Job), progress, cancellation);
        parts.Downloader.Tell(fetch, ActorRefs.NoSender);
        return await fetch.Task;
    }

    /// <summary>What is known of a slice when it is begun.</summary>
    /// <param name="Links">Its links, by name.</param>
    /// <param name="Fetched">What is committed of fetching them, or null.</param>
    /// <param name="Ended">Rows that an earlier holder came to.</param>
    /// <param name="Fitter">Judges and fits its pictures.</param>
    private sealed record OpenSlice(IReadOnlyList<PlannedLink> Links, IReadOnlyList<LinkRow>? Fetched, LinkRow?[] Ended, IPictureFitter Fitter)
    {
        public static OpenSlice Read(RoundInWork round, FetchProtocol.SliceLeased lease)
        {
            IReadOnlyList<PlannedLink> links = round.Plan.ReadSlice(lease.Slice.Slice);
            string fetched = DataLayout.Fetched(lease.Slice.Round, lease.Slice.Slice);
            bool isFetched = lease.Until != JobEnd.Download && round.Store.SizeOf(fetched) is not null;
            var ended = new LinkRow?[links.Count];
            foreach (FetchProtocol.EndedLink link in lease.Ended.Where(link => link.Place >= 0 && link.Place < links.Count))
            {
                ended[link.Place] = new LinkRow(links[link.Place].Name, link.Outcome, link.Detail, link.Tries, Original: null, Resized: null);
            }

            return new OpenSlice(
                links, isFetched ? SliceManifest.Read(round.Store, fetched).Rows : null, ended, lease.IsCareful ? round.CarefulFitter : round.Fitter);
        }
    }
}
