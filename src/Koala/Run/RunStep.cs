using Koalarization.Cluster;
using Koalarization.Dataset;
using Koalarization.Harvest;
using Koalarization.Imaging;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Run;

/// <summary>
/// The whole pipeline over one data set, from wherever it is: what is left of each open round is fetched and resized slice by slice, and records
/// are written beside, as soon as their pictures are known.
/// </summary>
internal sealed class RunStep(RunRequest request, IJpegCodec codec, Harvester harvester, RecordMaker? records, TimeProvider time)
{
    // What a picture takes in its record, and without one.
    private const double BytesInRecord = 1.08e6;
    private const double BytesOfFiles = 0.13e6;

    public bool Verbose { get; init; }

    public async Task<RunDone> RunAsync(IReporter reporter, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        using FolderLock @lock = FolderLock.Take(request.Data);
        RunOwnership.RefuseClusters(request);
        string owner = OwnerSpace.NewName();
        int round = Math.Max(1, RoundFiles.Read(new FileDataStore(request.Data)).Count);
        var store = new FileDataStore(request.Data, OwnerSpace.Of(round, owner));
        try
        {
            OwnerSpace.RemoveOthers(store, owner);
            JobFitness.RefuseStoreThatReplaces(store, request.Data);
            RunOwnership.Take(store, owner);
            JobParameters job = await OpenAsync(store, reporter, cancellation);
            NetworkParameters? network = records is null ? NetworkParameters.Find(store) : await records.OpenAsync(store, reporter, cancellation);
            IReadOnlyList<OpenRound> open = new RoundOpening(
                request.Spec, store, network?.PicturesPerRecord ?? RecordMaker.UsualPicturesPerRecord, records is null ? null : records.IsWritten,
                note => reporter.Say(new Note(note))).Open(cancellation);
            SayWhatRoomItTakes(open, reporter);
            long worked = await WorkAsync(store, job, open, reporter, cancellation);
            return Summary(store, worked, time.GetElapsedTime(start));
        }
        finally
        {
            // Tasks of a stream that ended early may still be at work: what they begin now fails, and what they began goes.
            store.Close();
            OwnerSpace.RemoveOwn(store, round, owner);
        }
    }

    private async Task<JobParameters> OpenAsync(FileDataStore store, IReporter reporter, CancellationToken cancellation)
    {
        var opening = new JobOpening(request.Spec, request.Data, request.CodecFingerprint, store, note => reporter.Say(new Note(note)))
        {
            Measured = read => reporter.MeasureAsync("list", total: null, meter => read(() => meter.Advance())),
        };
        JobParameters job = await opening.OpenAsync(cancellation);
        if (records is not null)
        {
            JobFitness.RefuseOtherThanRecordsNeed(job, request.Data);
        }

        return job;
    }

    /// <summary>Works on the open rounds, and closes those that are done. Returns how many links were brought to an end, and pictures put into records.</summary>
    private async Task<long> WorkAsync(
        FileDataStore store, JobParameters job, IReadOnlyList<OpenRound> open, IReporter reporter, CancellationToken cancellation)
    {
        var board = new LedgerBoard([.. open.Select(round => records is null ? round.Ledger : records.WithWritten(round.Ledger))]);
        ProgressMeter links = reporter.NewMeter("links", open.Sum(round => round.Ledger.OpenSlices().Sum(slice => (long)round.Plan.LinksOf(slice))));
        ProgressMeter pictures = reporter.NewMeter("pictures", total: null);
        await reporter.MeasureAsync(records is null ? [links] : [links, pictures], async () =>
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task slices = ResolveAsync(store, job, [.. open.Select(round => round.Plan)], board, reporter, links, ended.Token);
            Task written = records?.RunAsync(store, job, board, reporter, pictures, ended.Token) ?? Task.CompletedTask;
            await EndTogetherAsync([slices, written], ended);
            return true;
        });
        RoundEnd.Close(store, board.Rounds, request.Until == JobsProtocol.JobEnd.Records, cancellation);
        return links.Now().Done + pictures.Now().Done;
    }

    private async Task ResolveAsync(
        FileDataStore store, JobParameters job, IReadOnlyList<RoundPlan> plans, LedgerBoard board, IReporter reporter, ProgressMeter meter,
        CancellationToken cancellation)
    {
        PictureSize? size = request.Until == JobsProtocol.JobEnd.Download ? null : new PictureSize(job.Width, job.Height);
        using var fitter = new CoreFitter(codec, size, request.MaxPixels, request.Parallel);
        await using var careful = new ChildFitter(size, request.MaxPixels);
        await using var publisher = new GroupPublisher(store, time);
        using var worker = new LinkWorker(job, store, publisher, harvester.FetchAsync);
        using var stage = new SliceStage(job, store, worker, request.Until)
        {
            Fitter = fitter,
            CarefulFitter = careful,
            AllBegun = publisher.Hurry,
            Verbose = Verbose,
        };
        await stage.RunAsync(plans, board, reporter, meter, cancellation);
    }

    /// <summary>Waits for all; when one fails the others are ended, and the first failure is told.</summary>
    private static async Task EndTogetherAsync(List<Task> stages, CancellationTokenSource ended)
    {
        Task? first = null;
        while (stages.Count > 0)
        {
            Task done = await Task.WhenAny(stages);
            stages.Remove(done);
            if (!done.IsCompletedSuccessfully && first is null)
            {
                first = done;
                await ended.CancelAsync();
            }
        }

        await (first ?? Task.CompletedTask);
    }

    private RunDone Summary(FileDataStore store, long worked, TimeSpan took)
    {
        SetTotals totals = SetTotals.Read(store);
        return new RunDone(
            request.Data, request.Until, totals.Links, totals.Kept, totals.Failed, totals.Records, totals.LeftOut, worked, took.TotalSeconds);
    }

    private void SayWhatRoomItTakes(IReadOnlyList<OpenRound> open, IReporter reporter)
    {
        double links = open.Sum(round => (double)round.Ledger.OpenSlices().Sum(slice => (long)round.Plan.LinksOf(slice)));
        double most = links * (BytesOfFiles + (records is null ? 0 : BytesInRecord));
        double free = new DriveInfo(Path.GetFullPath(request.Data)).AvailableFreeSpace;
        if (most > free)
        {
            reporter.Say(new Note(
                $"{links:N0} links take up to {most / 1e9:N1} GB if every one has a picture, and {request.Data} has {free / 1e9:N1} GB free; " +
                "should the disk get full, make room and start the same command again."));
        }
    }
}
