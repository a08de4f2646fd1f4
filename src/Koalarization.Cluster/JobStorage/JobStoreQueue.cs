using Akka.Actor;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.JobStorage;

/// <summary>
/// Runs the store's operations away from the coordinator's thread, those of one job one after the other and each once at a time, and sends the coordinator their
/// results. It keeps nothing of a job that has no operation queued. Used by the coordinator's thread only.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="coordinator">
/// Gets a <see cref="JobStoreResult"/> for every operation, and passes it to <see cref="Complete"/>; before it a <see cref="JobStoreWaits"/> for each try that failed.
/// </param>
/// <param name="time">The clock.</param>
/// <param name="isPatient">Whether a store that cannot be read or written is tried again until it can be.</param>
internal sealed class JobStoreQueue(IJobStore store, IActorRef coordinator, TimeProvider time, bool isPatient)
{
    private const int MaxTries = 4;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CancellationWaits = TimeSpan.FromSeconds(3);

    // What is queued again by itself, so that it need not hold up the others.
    private static readonly HashSet<JobStoreOperationKind> Recurring = [JobStoreOperationKind.Load, JobStoreOperationKind.ReadEpoch, JobStoreOperationKind.ReadSlice, JobStoreOperationKind.ReadRecord, JobStoreOperationKind.RemoveScratch];

    private readonly Dictionary<JobId, JobQueue> _jobs = [];

    /// <summary>Jobs with operations queued.</summary>
    public int Jobs => _jobs.Count;

    /// <summary>Whether a job's next entry is being appended.</summary>
    public bool IsAppending(JobId job) =>
        _jobs.TryGetValue(job, out JobQueue? queue) && queue.Operations.Contains(new JobStoreOperation(JobStoreOperationKind.Append, job));

    /// <summary>→ <see cref="JobsLoaded"/>.</summary>
    public void Load() => Enqueue(new JobStoreOperation(JobStoreOperationKind.Load), (operation, _) => new JobsLoaded(operation, store.Load()));

    /// <summary>
    /// → <see cref="EntryAppended"/>, with a sender: who waits for it. A disk's error is not tried again. A cancellation waits only so long for what is queued before it:
    /// an operation that hangs must not keep its job from being cancelled.
    /// </summary>
    public void Append(JobId job, JobSpec spec, bool isCancelled, IActorRef replyTo) => Enqueue(
        new JobStoreOperation(JobStoreOperationKind.Append, job),
        (operation, _) => new EntryAppended(operation, store.Append(job, spec, isCancelled)),
        replyTo,
        isCancelled ? CancellationWaits : null);

    /// <summary>→ <see cref="DataSetOpened"/>.</summary>
    public void Open(JobEntry entry) => Enqueue(new JobStoreOperation(JobStoreOperationKind.Open, entry.Job, entry.Number), async (operation, cancellation) =>
    {
        OpenedJob opened = await store.OpenAsync(entry.Job, entry.Spec, cancellation);
        return new DataSetOpened(
            operation, opened, entry.Spec.RetryFailed ? store.Append(entry.Job, entry.Spec with { RetryFailed = false }, isCancelled: false) : entry);
    });

    /// <summary>→ <see cref="NetworkFixed"/>.</summary>
    public void FixNetwork(CoordinatedJob job, EmbedKey key) => Enqueue(
        Of(JobStoreOperationKind.FixNetwork, job), (operation, _) => new NetworkFixed(operation, store.FixNetwork(job.Opened!, job.NetworkOf(key))));

    /// <summary>→ <see cref="EpochRead"/>.</summary>
    public void ReadEpoch(CoordinatedJob job) => Enqueue(
        Of(JobStoreOperationKind.ReadEpoch, job), (operation, _) => new EpochRead(operation, store.NewestOwner(job.Opened!)));

    /// <summary>→ <see cref="SliceRead"/>, with a sender: who reported the slice.</summary>
    public void ReadSlice(CoordinatedJob job, SliceId slice, IActorRef reporter) => Enqueue(
        Of(JobStoreOperationKind.ReadSlice, job) with { Round = slice.Round, Item = slice.Slice },
        (operation, _) => new SliceRead(operation, slice, store.FindSlice(job.Opened!, slice)),
        reporter);

    /// <summary>→ <see cref="RecordRead"/>.</summary>
    public void ReadRecord(CoordinatedJob job, int record) => Enqueue(
        Of(JobStoreOperationKind.ReadRecord, job) with { Item = record },
        (operation, _) => new RecordRead(operation, record, store.IsCommitted(job.Opened!, record)));

    /// <summary>→ <see cref="ScratchRemoved"/>. Gives false, and queues nothing, while the same is queued for the job.</summary>
    public bool RemoveScratch(CoordinatedJob job, IReadOnlySet<NodeOwner> present) => Enqueue(
        Of(JobStoreOperationKind.RemoveScratch, job), (operation, _) => new ScratchRemoved(operation, store.RemoveScratchOfOthers(job.Opened!, present)));

    /// <summary>→ <see cref="DataSetClosed"/>.</summary>
    public void Close(CoordinatedJob job) => Enqueue(Of(JobStoreOperationKind.Close, job), (operation, cancellation) =>
    {
        store.Close(job.Opened!, job.Ledger!.Rounds, cancellation);
        return new DataSetClosed(operation);
    });

    /// <summary>An operation's result has arrived.</summary>
    public void Complete(JobStoreOperation operation)
    {
        if (_jobs.TryGetValue(operation.Job, out JobQueue? queue) && queue.Operations.Remove(operation) && queue.Operations.Count == 0)
        {
            _jobs.Remove(operation.Job);
        }
    }

    /// <summary>Cancels what is queued for a job now; what is queued later is not cancelled.</summary>
    public void Cancel(JobId job)
    {
        if (_jobs.TryGetValue(job, out JobQueue? queue))
        {
            queue.Cancellation.Cancel();
            queue.Cancellation = new CancellationTokenSource();
        }
    }

    /// <summary>Cancels everything.</summary>
    public void CancelAll()
    {
        foreach (JobId job in _jobs.Keys)
        {
            Cancel(job);
        }
    }

    private static JobStoreOperation Of(JobStoreOperationKind kind, CoordinatedJob job) => new(kind, job.Id, job.Entry.Number);

    private bool Enqueue(JobStoreOperation operation, Func<JobStoreOperation, CancellationToken, JobStoreResult> run, IActorRef? replyTo = null, TimeSpan? waitsAtMost = null) =>
        Enqueue(operation, (queued, cancellation) => Task.FromResult(run(queued, cancellation)), replyTo, waitsAtMost);

    private bool Enqueue(
        JobStoreOperation operation, Func<JobStoreOperation, CancellationToken, Task<JobStoreResult>> run, IActorRef? replyTo = null, TimeSpan? waitsAtMost = null)
    {
        if (!_jobs.TryGetValue(operation.Job, out JobQueue? queue))
        {
            _jobs.Add(operation.Job, queue = new JobQueue());
        }

        if (!queue.Operations.Add(operation))
        {
            return false;
        }

        CancellationToken cancellation = queue.Cancellation.Token;
        Task before = waitsAtMost is TimeSpan patience ? Task.WhenAny(queue.Last, Task.Delay(patience, time, CancellationToken.None)) : Task.WhenAny(queue.Last);
        Task<JobStoreResult> task = before
            .ContinueWith(
                _ => TryAsync(operation, run, cancellation), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
            .Unwrap();
        queue.Last = task;
        _ = task.PipeTo(
            coordinator,
            replyTo ?? ActorRefs.NoSender,
            result => result,
            failure => new JobStoreFailed(operation, failure is AggregateException { InnerException: Exception inner } ? inner : failure));
        return true;
    }

    private bool IsTriedAgain(JobStoreOperation operation, Exception exception, int tries) =>
        operation.Kind != JobStoreOperationKind.Append
        && ((exception is IOException && tries < MaxTries)
            || (isPatient && !Recurring.Contains(operation.Kind) && StoreFault.MayPass(exception)));

    private async Task<JobStoreResult> TryAsync(
        JobStoreOperation operation, Func<JobStoreOperation, CancellationToken, Task<JobStoreResult>> run, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await run(operation, cancellation);
            }
            catch (Exception exception) when (IsTriedAgain(operation, exception, tries))
            {
                coordinator.Tell(new JobStoreWaits(operation, exception));
                await Task.Delay(BetweenTries, time, cancellation);
            }
        }
    }

    private sealed class JobQueue
    {
        public HashSet<JobStoreOperation> Operations { get; } = [];

        public Task Last { get; set; } = Task.CompletedTask;

        public CancellationTokenSource Cancellation { get; set; } = new();
    }
}
