using Koalarization.Dataset;
using Koalarization.Harvest;
using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Cluster;

/// <summary>A coordinator's work on the disk that its store lies on. Thread-safe.</summary>
/// <param name="options">What it works with.</param>
internal sealed class JobDesk(JobDeskOptions options) : IJobDesk
{
    private const string WholeStore = "";
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly DeskSpaces _spaces = new(options.Root);

    // One file after the other is published in this process's name.
    private readonly Lock _gate = new();

    public IReadOnlyList<JobEntry> Jobs() => new JobFiles(new FileDataStore(_spaces.PathOf(WholeStore))).ReadAll();

    public SetTotals? TotalsOfDone(JobEntry entry)
    {
        FileDataStore store = new(_spaces.PathOf(entry.Spec.Data));
        try
        {
            IReadOnlyList<(RoundOpened Opened, RoundClosed? Closed)> rounds = RoundFiles.Read(store);
            bool isDone = !entry.Spec.RetryFailed && rounds.Count > 0 && rounds.All(round => round.Closed is not null);
            return isDone && SetViews.AreCurrent(store) ? SetTotals.Read(store) : null;
        }
        catch (InvalidDataException)
        {
            // Whoever opens it says what is wrong.
            return null;
        }
    }

    public JobEntry Enter(JobId job, JobSpec spec, bool isCancelled)
    {
        lock (_gate)
        {
            JobEntry entry = _spaces.With(
                WholeStore, store => new JobFiles(store).Enter(job, spec, isCancelled, options.Owner.Name, options.Time.GetUtcNow()));
            if (isCancelled)
            {
                LetGo(spec.Data);
            }

            return entry;
        }
    }

    public async Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, CancellationToken cancellation)
    {
        RefuseOutside(spec);
        new JobSource(spec.Source, skip: 0, count: null).EnsureExists();
        try
        {
            // A run of one process holds the lock for as long as it works; a cluster holds it only while it takes the data set over.
            using FolderLock @lock = await LockAsync(spec.Data, cancellation);
            return await _spaces.WithAsync(spec.Data, store => OpenAsync(job, spec, store, cancellation));
        }
        catch (Exception exception) when (exception is LinkSourceException or RecordConflictException or FolderInUseException or InvalidDataException)
        {
            throw new JobRefusedException(exception.Message, exception);
        }
    }

    public NetworkParameters FixNetwork(OpenedJob job, NetworkParameters network)
    {
        NetworkParameters holds = _spaces.With(job.Spec.Data, network.Fix);
        NetworkChoice.RefuseOther(job.Spec, holds);
        return holds;
    }

    public long NewestEpoch(OpenedJob job) => DataOwners.NewestEpoch(ToRead(job));

    public IReadOnlyDictionary<(int Round, int Slice), int> RemoveOthers(OpenedJob job, IReadOnlySet<NodeOwner> present)
    {
        foreach (string folder in (string[])[job.Spec.Data, WholeStore])
        {
            _spaces.With(folder, store =>
            {
                OwnerSpace.RemoveOthers(store, present.Select(owner => owner.Name).Append(options.Owner.Name).Concat(_spaces.Owners).ToHashSet(StringComparer.Ordinal));
                return true;
            });
        }

        return OpenedJob.LossesOf(ToRead(job), job.Rounds);
    }

    public void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation)
    {
        bool makesRecords = job.Spec.Until == JobEnd.Records;
        _spaces.With(job.Spec.Data, store =>
        {
            foreach (RoundLedger round in rounds.TakeWhile(round => makesRecords && round.IsDone))
            {
                store.RemoveFolder(DataLayout.TemporaryOf(round.Round));
            }

            // A writer tells of a record when its name is durable.
            RoundEnd.Close(store, rounds, recordsAreDurable: makesRecords, cancellation);
            return true;
        });
    }

    private async Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, FileDataStore store, CancellationToken cancellation)
    {
        JobFitness.RefuseStoreThatReplaces(store, spec.Data);
        DataOwner owner = TakeOver(store, job);
        var opening = new JobOpening(spec, spec.Data, options.CodecFingerprint, store, options.Note);
        JobParameters parameters = await opening.OpenAsync(cancellation);
        HashSet<int>? written = null;
        if (spec.Until == JobEnd.Records)
        {
            JobFitness.RefuseOtherThanRecordsNeed(parameters, spec.Data);
            NetworkChoice.RefuseOther(spec, NetworkParameters.Find(store));
            written = [.. new RecordSet(store, RecordLayout.OfDataSet).CompleteBesideWriters().Keys];
        }

        return OpenedJob.Read(job, spec, owner.Epoch, parameters, spec.PicturesPerRecord, store, written, options.Note, cancellation);
    }

    // Another coordinator that is on its way out may not have come to the end of its own opening.
    private async Task<FolderLock> LockAsync(string data, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return FolderLock.Take(_spaces.PathOf(data));
            }
            catch (FolderInUseException) when (tries < options.TriesToLock)
            {
                await Task.Delay(BetweenTries, options.Time, cancellation);
            }
        }
    }

    private DataOwner TakeOver(FileDataStore store, JobId job)
    {
        lock (_gate)
        {
            return DataOwners.PublishNext(store, DataOwnerKind.Cluster, options.Owner.Name, $"job {job}");
        }
    }

    /// <summary>Says that an open round waits for nobody, so that others may have the data set.</summary>
    private void LetGo(string data)
    {
        if (Directory.Exists(_spaces.PathOf(data))
            && DataOwners.Newest(new FileDataStore(_spaces.PathOf(data))) is { Kind: DataOwnerKind.Cluster })
        {
            _spaces.With(data, store => DataOwners.PublishNext(store, DataOwnerKind.Nobody, options.Owner.Name, "cancelled"));
        }
    }

    private void RefuseOutside(JobSpec spec)
    {
        string root = _spaces.PathOf(WholeStore), path = _spaces.PathOf(spec.Data);
        if (Path.IsPathRooted(spec.Data) || (path != root && !path.StartsWith(Path.TrimEndingDirectorySeparator(root) + "/", StringComparison.Ordinal)))
        {
            throw new JobRefusedException($"{spec.Data} is not below the store; name the data set's folder as the store has it.");
        }

        if (spec.Source == "-")
        {
            throw new JobRefusedException("a cluster cannot read standard input; put the list where the control nodes see it.");
        }
    }

    private FileDataStore ToRead(OpenedJob job) => new(_spaces.PathOf(job.Spec.Data));
}
