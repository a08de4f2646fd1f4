using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Projections;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Links;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.JobStorage;

/// <summary>The jobs and data sets of a store's folder. Thread-safe.</summary>
/// <param name="options">What it works with.</param>
internal sealed class JobStore(JobStoreOptions options) : IJobStore
{
    private const string WholeStore = "";
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly ScratchSpaces _scratch = new(options.Root);

    // Files are published in this process's name one at a time.
    private readonly Lock _publishing = new();

    public IReadOnlyList<StoredJob> Load() =>
    [
        .. new JobLog(new FileDataStore(_scratch.PathOf(WholeStore))).ReadAll()
            .Select(read => new StoredJob(read.Entry, read.Entry.IsCancelled || read.Fault is not null ? null : TotalsOfDone(read.Entry.Spec)) { Fault = read.Fault }),
    ];

    public JobEntry Append(JobId job, JobSpec spec, bool isCancelled)
    {
        lock (_publishing)
        {
            JobEntry entry = _scratch.With(
                WholeStore, store => new JobLog(store).Append(job, spec, isCancelled, options.Owner.Name, options.Time.GetUtcNow()));
            if (isCancelled)
            {
                Release(spec.Data);
            }

            return entry;
        }
    }

    public async Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, CancellationToken cancellation)
    {
        RefuseOutside(spec);
        new JobSource(spec.Source).EnsureExists();
        try
        {
            // A run of one process holds the lock for as long as it works; a cluster holds it only while it takes the data set over.
            using FolderLock @lock = await LockAsync(spec.Data, cancellation);
            return await _scratch.WithAsync(spec.Data, store => OpenAsync(job, spec, store, cancellation));
        }
        catch (LinkSourceException exception) when (exception.InnerException is IOException and not (FileNotFoundException or DirectoryNotFoundException))
        {
            // Not the list's fault, but the store's, which may pass.
            throw new IOException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is LinkSourceException or RecordConflictException or FolderInUseException or InvalidDataException)
        {
            throw new JobRefusedException(exception.Message, exception);
        }
    }

    public NetworkParameters FixNetwork(OpenedJob job, NetworkParameters network)
    {
        NetworkParameters holds = _scratch.With(job.Spec.Data, network.Fix);
        RefuseOtherNetwork(job.Spec, holds);
        return holds;
    }

    public DataOwner? NewestOwner(OpenedJob job) => DataOwners.Newest(ToRead(job));

    public SliceSummary? FindSlice(OpenedJob job, SliceId slice) =>
        SliceManifest.FindSummary(ToRead(job), slice.Round, slice.Slice, orFetched: job.Spec.Until == JobEnd.Download);

    public bool IsCommitted(OpenedJob job, int record) => RecordManifest.Find(ToRead(job), record) is not null;

    public IReadOnlyDictionary<(int Round, int Slice), int> RemoveScratchOfOthers(OpenedJob job, IReadOnlySet<NodeOwner> present)
    {
        foreach (string folder in (string[])[job.Spec.Data, WholeStore])
        {
            _scratch.With(folder, store => OwnerScratch.RemoveOthers(
                store, present.Select(owner => owner.Name).Append(options.Owner.Name).Concat(_scratch.Owners).ToHashSet(StringComparer.Ordinal)));
        }

        return OpenedJob.LossesOf(ToRead(job), job.Rounds);
    }

    public void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation)
    {
        bool makesRecords = job.Spec.Until == JobEnd.Records;
        _scratch.With(job.Spec.Data, store =>
        {
            foreach (RoundLedger round in rounds.TakeWhile(round => makesRecords && round.IsDone))
            {
                store.RemoveFolder(DataLayout.TemporaryOf(round.Round));
            }

            // A writer reports a record when its name is durable.
            RoundEnd.Close(store, rounds, recordsAreDurable: makesRecords, cancellation);
        });
    }

    private async Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, FileDataStore store, CancellationToken cancellation)
    {
        DataSetRequirements.RefuseInsideAnotherSet(store.PathOf(""));
        DataSetRequirements.RefuseStoreThatReplaces(store, spec.Data);
        DataOwner owner = TakeOver(store, job);
        var opening = new JobOpener(
            spec, spec.Data, options.CodecFingerprint, store, options.Note, new RemoteListLimits(AllowPrivate: spec.Fetch?.AllowPrivate == true));
        JobParameters parameters = await opening.OpenAsync(cancellation);
        HashSet<int>? written = null;
        if (spec.Until == JobEnd.Records)
        {
            DataSetRequirements.RefuseOtherThanRecordsNeed(parameters, spec.Data);
            RefuseOtherNetwork(spec, NetworkParameters.Find(store));
            written = [.. new RecordSet(store, RecordLayout.OfDataSet).CompleteBesideWriters().Keys];
        }

        return OpenedJob.Read(job, spec, owner.Epoch, parameters, spec.PicturesPerRecord, store, written, options.Note, cancellation);
    }

    // Another coordinator that is stopping may still be opening the data set.
    private async Task<FolderLock> LockAsync(string data, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return FolderLock.Take(_scratch.PathOf(data));
            }
            catch (FolderInUseException) when (tries < options.MaxLockTries)
            {
                await Task.Delay(BetweenTries, options.Time, cancellation);
            }
        }
    }

    private DataOwner TakeOver(FileDataStore store, JobId job)
    {
        lock (_publishing)
        {
            return DataOwners.PublishNext(store, DataOwnerKind.Cluster, options.Owner.Name, $"job {job}");
        }
    }

    /// <summary>Releases a data set whose round is open, so that another process may take it over.</summary>
    private void Release(string data)
    {
        if (Directory.Exists(_scratch.PathOf(data))
            && DataOwners.Newest(new FileDataStore(_scratch.PathOf(data))) is { Kind: DataOwnerKind.Cluster })
        {
            _scratch.With(data, store => DataOwners.PublishNext(store, DataOwnerKind.None, options.Owner.Name, "cancelled"));
        }
    }

    private void RefuseOutside(JobSpec spec)
    {
        if (DataPath.FaultOf(JobId.Normal(spec.Data)) is not null || Path.IsPathRooted(spec.Data))
        {
            throw new JobRefusedException($"{spec.Data} is not below the store; give the data set's folder as its path in the store.");
        }

        if (!RealPath.IsWithin(_scratch.PathOf(spec.Data), _scratch.PathOf(WholeStore)))
        {
            throw new JobRefusedException($"{spec.Data} is a link that leads out of the store; use a folder in it.");
        }

        if (spec.Source == "-")
        {
            throw new JobRefusedException("a cluster cannot read standard input; put the list where the control nodes see it.");
        }

        if (options.Sources?.FaultOf(spec.Source) is string refused)
        {
            throw new JobRefusedException(refused);
        }
    }

    /// <summary>Refuses a job that asks for something else than its data set's records are made with.</summary>
    /// <param name="spec">What is asked for; what is not said is not compared.</param>
    /// <param name="holds">What the records are made with; null while that is open.</param>
    /// <exception cref="JobRefusedException">They differ.</exception>
    private static void RefuseOtherNetwork(JobSpec spec, NetworkParameters? holds)
    {
        if (holds is null)
        {
            return;
        }

        NetworkParameters asked = holds with
        {
            Weights = spec.Weights ?? holds.Weights,
            Precision = spec.Precision ?? holds.Precision,
            Compatibility = spec.Compatibility ?? holds.Compatibility,
            Compression = spec.Compression ?? holds.Compression,
            PicturesPerRecord = spec.PicturesPerRecord ?? holds.PicturesPerRecord,
        };
        if (asked.DifferenceFrom(holds) is string difference)
        {
            throw new JobRefusedException($"the data set's records are made with other parameters: {difference}; leave the option out, or use another folder.");
        }
    }

    private SetTotals? TotalsOfDone(JobSpec spec)
    {
        FileDataStore store = new(_scratch.PathOf(spec.Data));
        try
        {
            IReadOnlyList<(RoundOpened Opened, RoundClosed? Closed)> rounds = RoundFiles.Read(store);
            bool isDone = !spec.RetryFailed && rounds.Count > 0 && rounds.All(round => round.Closed is not null);
            return isDone && SetViews.AreCurrent(store) && !RoundOpening.TriesRefusedAddresses(store, spec) ? SetTotals.Read(store) : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Opening it reports what is wrong, and to this job alone.
            return null;
        }
    }

    private FileDataStore ToRead(OpenedJob job) => new(_scratch.PathOf(job.Spec.Data));
}
