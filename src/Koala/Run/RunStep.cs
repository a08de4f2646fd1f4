using System.Runtime.ExceptionServices;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;
using Koalarization.Harvest.Fetching;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary>
/// Runs the whole pipeline for one data set, as a cluster of one node: the rest of each open round is fetched and resized slice by slice, while records are
/// written as soon as their pictures are known.
/// </summary>
internal sealed class RunStep(
    RunRequest request, IJpegCodec codec, LinkFetcher fetcher, DownloadOptions downloadOptions, RecordMaker? records, TimeProvider time)
{
    // Disk space of a picture in its record, and of its files.
    private const double BytesInRecord = 1.08e6;
    private const double BytesOfFiles = 0.13e6;

    // The data set's path in the store: the store itself.
    private const string StoreRoot = ".";

    public bool Verbose { get; init; }

    public async Task<RunDone> RunAsync(IReporter reporter, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        DataSetRequirements.RefuseInsideAnotherSet(request.Data);
        using FolderLock @lock = FolderLock.Take(request.Data);
        if (!request.TakesOver)
        {
            SetOwnership.RefuseCluster(request.Data, "resume it there, or add --take-over if that cluster is gone for good.");
        }

        string owner = OwnerScratch.NewName();
        int round = Math.Max(1, RoundFiles.Read(new FileDataStore(request.Data)).Count);
        var store = new FileDataStore(request.Data, OwnerScratch.Of(round, owner));
        try
        {
            OwnerScratch.RemoveOthers(store, owner);
            DataSetRequirements.RefuseStoreThatReplaces(store, request.Data);
            SetOwnership.Take(store, owner, "koala run");
            (JobParameters job, NetworkParameters? network) = await OpenAsync(store, reporter, cancellation);
            var opened = OpenedJob.Read(
                JobId.Of(StoreRoot), request.Spec with { Data = StoreRoot }, epoch: 0, job, network?.PicturesPerRecord, store, records?.Written,
                note => reporter.Report(new Note(note)), cancellation);
            WarnIfDiskMayFillUp(opened, reporter);
            long worked = await WorkAsync(store, opened, network, reporter, cancellation);
            return Summary(store, worked, time.GetElapsedTime(start));
        }
        finally
        {
            // Tasks of a stream that ended early may still run: after this they cannot write, and their scratch files are removed.
            store.Close();
            OwnerScratch.RemoveOwn(store, round, owner);
        }
    }

    // A network that is not found, or not the data set's, refuses the run before anything is written.
    private async Task<(JobParameters Job, NetworkParameters? Network)> OpenAsync(FileDataStore store, IReporter reporter, CancellationToken cancellation)
    {
        NetworkParameters? network = null;
        JobParameters? begun = JobParameters.Find(store);
        NetworkParameters? begunNetwork = NetworkParameters.Find(store);
        Func<Task> openRecords = async () => network = records is null ? null : await records.OpenAsync(store, reporter, cancellation);
        var opening = new JobOpener(request.Spec, request.Data, request.CodecFingerprint, store, note => reporter.Report(new Note(note)))
        {
            ListRead = list =>
            {
                if (ListRead.Of(request.Spec.Source, list) is ListRead read)
                {
                    reporter.Report(read);
                }
            },
            Measured = read => reporter.MeasureAsync("list", total: null, meter => read(() => meter.Advance())),
            BeforeFirstWrite = openRecords,
        };
        JobParameters job = await opening.OpenAsync(cancellation);
        if (records is not null)
        {
            DataSetRequirements.RefuseOtherThanRecordsNeed(job, request.Data);
        }

        if (network is null)
        {
            await openRecords();
        }

        if (begun is not null)
        {
            ReportOptionsOfTheSet(begun, network is null ? null : begunNetwork, reporter);
        }

        return (job, network);
    }

    // What a later run does not name is as the first one had it.
    private void ReportOptionsOfTheSet(JobParameters job, NetworkParameters? network, IReporter reporter)
    {
        JobParameters defaults = job with
        {
            Skip = 0,
            Count = null,
            Width = PreparedPicture.Size,
            Height = PreparedPicture.Size,
            ListFormat = null,
            UrlColumn = null,
            ImageNamePrefix = $"{request.Data.TrimEnd('/')}/{DataLayout.Resized}/",
        };
        string[] unnamed =
        [
            .. JobOption.Unnamed(job, request.Spec, defaults),
            .. RecordOptions.Unnamed(network).Where(option => !request.Given.Any(given => given.StartsWith(option.Split(' ')[0] + " ", StringComparison.Ordinal))),
        ];
        if (unnamed.Length > 0)
        {
            string given = request.Given.Count > 0 ? $" (given now: {string.Join(", ", request.Given)})" : "";
            reporter.Report(new Note($"{request.Data} goes on with the options that it was begun with: {string.Join(", ", unnamed)}{given}."));
        }
    }

    /// <summary>Works on the open rounds, and closes those that are done. Returns the number of resolved links plus pictures written into records.</summary>
    private async Task<long> WorkAsync(
        FileDataStore store, OpenedJob opened, NetworkParameters? network, IReporter reporter, CancellationToken cancellation)
    {
        var jobs = new SingleRunJobStore(opened, store, network);
        RoundLedger[] ledgers = [.. opened.Rounds.Select(round => round.Ledger)];
        if (ledgers.All(ledger => records is null ? ledger.IsResolved : ledger.IsDone))
        {
            jobs.Close(opened, ledgers, cancellation);
            return 0;
        }

        var listener = new RunListener(reporter, Verbose);
        var progress = new JobMeter(time) { IsFolder = opened.Parameters.IsFolder };
        progress.Set(FirstStatus(opened));
        await reporter.MeasureAsync(progress, async () =>
        {
            await WorkAsync(jobs, opened.Spec, listener, progress, cancellation);
            return true;
        });
        return listener.Processed;
    }

    // Until the coordinator says more.
    private static JobsProtocol.JobStatus FirstStatus(OpenedJob opened)
    {
        var entry = new JobEntry(opened.Job, Number: 1, opened.Spec, IsCancelled: false);
        CoordinatedJob job = new CoordinatedJob(entry, JobsProtocol.JobPhase.Opening).WithOpened(opened);
        return JobStatusProjection.FiguresOf(job) with { Phase = job.Phase };
    }

    private async Task WorkAsync(SingleRunJobStore jobs, JobSpec spec, RunListener listener, JobMeter progress, CancellationToken cancellation)
    {
        using var stores = new NodeStores(request.Data, new NodeOwner(OwnerScratch.NewName()));
        var services = new NodeServices
        {
            Stores = stores,
            Codec = codec,
            CodecFingerprint = request.CodecFingerprint,
            MaxPixels = request.MaxPixels,
            Fetcher = fetcher,
            DownloadOptions = downloadOptions,
            Devices = records?.Devices ?? [],
            Cores = request.Parallel,
            IsAlone = true,
            Listener = listener,
            Time = time,
        };
        await using SingleNodeCluster node = await SingleNodeCluster.StartAsync(services, jobs, makesRecords: records is not null, cancellation);
        JobsProtocol.JobStatus ended = await node.WorkAsync(spec, progress.Set, () => ThrowIfFailed(listener), cancellation);
        if (ended.Phase != JobsProtocol.JobPhase.Done)
        {
            throw new UserErrorException(ended.Note ?? "the run failed.");
        }
    }

    // When the network cannot be loaded, its own exception says more than the loss of the device.
    private void ThrowIfFailed(RunListener listener)
    {
        Exception? failure = records is { Failed: { IsCompleted: true } failed } ? failed.Result : listener.Failure;
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private RunDone Summary(FileDataStore store, long worked, TimeSpan took)
    {
        SetTotals totals = SetTotals.Read(store);
        return new RunDone(
            request.Data, request.Until, totals.Links, totals.Kept, totals.Failed, totals.Records, totals.LeftOut, worked, took.TotalSeconds);
    }

    private void WarnIfDiskMayFillUp(OpenedJob opened, IReporter reporter)
    {
        long links = opened.LinksLeft;
        double max = links * (BytesOfFiles + (records is null ? 0 : BytesInRecord));
        double free = new DriveInfo(Path.GetFullPath(request.Data)).AvailableFreeSpace;
        if (max > free)
        {
            reporter.Report(new Note(
                $"{Amount.Of(links, "link")} may need up to {Sizes.Format(max)}, and {request.Data} has {Sizes.Format(free)} free; " +
                "if the disk fills up, free some space and run the same command again."));
        }
    }
}
