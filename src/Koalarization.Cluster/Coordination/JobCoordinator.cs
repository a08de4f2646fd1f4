using Akka.Actor;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.HostLimits;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Jobs;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Coordination;

/// <summary>
/// Leases slices to fetch nodes and assigns records to writers: one in the cluster. It keeps nothing of its own: a new coordinator reads all from the store, and
/// learns from the nodes' reports what they hold. What it decides is in <see cref="CoordinatorState"/>.
/// </summary>
internal sealed partial class JobCoordinator : ReceiveActor, IWithTimers, IWithStash
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadEpochsInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LoadAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Func<ActorSystem, string, ICanTell> _writersOf;
    private readonly Props? _membership;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long _start;
    private readonly JobStoreQueue _queue;
    private readonly Dictionary<NodeOwner, IActorRef> _nodes = [];
    private readonly Dictionary<NodeOwner, IActorRef> _fetchers = [];
    private readonly CoordinatorPermits _permits;
    private readonly WaitNotes _waits = new();
    private readonly JobForecasts _forecasts;
    private CoordinatorState _state;

    /// <param name="store">The jobs and data sets on disk.</param>
    /// <param name="writersOf">Finds the writers of records, by the fingerprint of a job's JPEG library: the shard region, or a proxy of it.</param>
    /// <param name="membership">The child that reports members; null: they are reported from outside.</param>
    /// <param name="downloadOptions">The limits of hosts, all nodes together.</param>
    /// <param name="isPatient">Whether jobs wait for a store that cannot be read or written, instead of failing.</param>
    /// <param name="time">The clock. It is read as a monotonic one: a lease does not end when the date is set.</param>
    /// <param name="log">Its log.</param>
    /// <param name="storeMark">The mark of its store's folder (<see cref="Dataset.Storage.StoreMark"/>); null: unknown.</param>
    public JobCoordinator(
        IJobStore store, Func<ActorSystem, string, ICanTell> writersOf, Props? membership, DownloadOptions downloadOptions, bool isPatient, TimeProvider time, ILogger log, string? storeMark = null)
    {
        (_writersOf, _membership, _time, _log) = (writersOf, membership, time, log);
        _start = time.GetTimestamp();
        _queue = new JobStoreQueue(store, Self, time, isPatient);
        _state = CoordinatorState.Empty with { IsPatient = isPatient, Nodes = NodeRegistry.Empty with { Store = storeMark } };
        _permits = new CoordinatorPermits(downloadOptions, startedAt: TimeSpan.Zero);
        _forecasts = new JobForecasts(time);
        Become(Loading);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(_start);

    protected override void PreStart()
    {
        if (_membership is not null)
        {
            Context.ActorOf(_membership, "members");
        }

        _queue.Load();
    }

    protected override void PostStop()
    {
        _queue.CancelAll();
        CoordinationInstruments.Show(state: null);
    }

    private void Loading()
    {
        Receive<JobStoreWaits>(OnStoreWaits);
        Receive<JobStoreResult>(OnLoaded);
        Receive<LoadAgain>(_ => _queue.Load());
        ReceiveAny(_ => Stash.Stash());
    }

    private void Working()
    {
        Receive<Tick>(_ => OnTick());
        Receive<ReadEpochs>(_ => OnReadEpochs());
        Receive<JobStoreWaits>(OnStoreWaits);
        Receive<JobStoreResult>(OnStoreResult);

        Receive<ClusterMember>(member => Apply(_state with { Nodes = _state.Nodes.With(member) }));
        Receive<ClusterMemberGone>(OnMemberGone);
        Receive<RegisterNode>(OnRegister);
        Receive<DrainNode>(OnDrain);

        Receive<SubmitJob>(OnSubmit);
        Receive<CancelJob>(OnCancel);
        Receive<RetryFailed>(OnRetry);
        Receive<GetJobs>(_ => Sender.Tell(WithForecasts(JobStatusProjection.ListOf(_state))));
        Receive<GetJob>(query => Sender.Tell(JobStatusProjection.ReplyOf(_state, query.Job) is var reply && reply is JobStatus status ? _forecasts.With(status) : reply));
        Receive<GetNodes>(_ => Sender.Tell(JobStatusProjection.NodesOf(_state, Now)));
        Receive<GetEmbedDemand>(_ => Sender.Tell(JobStatusProjection.EmbedDemandOf(_state)));

        Receive<FetchProtocol.RequestSlices>(OnRequestSlices);
        Receive<FetchProtocol.SliceResolved>(OnResolved);
        Receive<FetchProtocol.SliceHandedBack>(OnHandedBack);
        Receive<FetchProtocol.ReportHostUsage>(OnReportHostUsage);

        Receive<WriteProtocol.RecordProgress>(progress =>
            Apply(_state.With(progress.Record.Job, ledger => ledger.WithProgress(progress.Record.Record, progress.Owner, progress.Embedded))));
        Receive<WriteProtocol.RecordCommitted>(OnCommitted);
        Receive<WriteProtocol.RecordFailed>(OnRecordFailed);
    }

    /// <summary>Takes over a new state, and sends and queues what follows from it.</summary>
    private void Apply(CoordinatorState next)
    {
        SchedulingDecision decision = next.Schedule(Now);
        CoordinatedJob[] ended = [.. _state.Live.Where(job => decision.State.Find(job.Id) is not { IsLive: true })];
        _state = decision.State;
        CoordinationInstruments.Show(_state);
        foreach (CoordinatedJob job in ended)
        {
            Release(job);
        }

        foreach ((NodeOwner node, FetchProtocol.SliceLeased lease) in decision.Leases)
        {
            CoordinationInstruments.Leases.Add(1);
            _fetchers[node].Tell(lease);
        }

        foreach (WriteProtocol.WriteRecord record in decision.Records)
        {
            WritersOf(_state.Find(record.Record.Job)!).Tell(record, Self);
        }

        foreach (CoordinatedJob job in _state.Working)
        {
            QueueOperations(job);
        }
    }

    /// <summary>A job ended: the nodes that worked on it stop.</summary>
    /// <param name="job">The job as it was before.</param>
    private void Release(CoordinatedJob job)
    {
        foreach ((SliceId slice, SliceLease lease) in job.Ledger?.Leases.All ?? [])
        {
            _fetchers.GetValueOrDefault(lease.Holder)?.Tell(new FetchProtocol.SliceRecalled(slice));
        }

        foreach (int record in job.Ledger?.Records.Keys ?? [])
        {
            WritersOf(job).Tell(new WriteProtocol.AbandonRecord(new RecordId(job.Id, record)), Self);
        }

        _permits.End(job.Id);
        CoordinatedJob now = _state.Find(job.Id)!;
        Log.JobEnded(_log, job.Id, now.Phase, now.Failure ?? "");
    }

    private ICanTell WritersOf(CoordinatedJob job) => _writersOf(Context.System, job.Opened!.Parameters.CodecFingerprint);

    private void OnTick()
    {
        Apply(_state.At(Now));
        foreach (NodeOwner owner in _nodes.Keys.Union(_fetchers.Keys).Where(owner => !_state.Nodes.Knows(owner)).ToArray())
        {
            _nodes.Remove(owner);
            _fetchers.Remove(owner);
        }

        RemoveScratch();
        _permits.Tick(Now);
        _forecasts.Update(_state, _permits.Loads(Now));
        LogWaiting();
    }

    private JobList WithForecasts(JobList list) => list with { Jobs = [.. list.Jobs.Select(_forecasts.With)] };

    private void LogWaiting()
    {
        foreach (CoordinatedJob job in _state.Live)
        {
            string? note = JobStatusProjection.NoteOf(_state, job);
            if (_waits.IsDue(job.Id, note is not null, Now))
            {
                Log.JobWaits(_log, job.Id, note!);
            }
        }
    }

    private void OnMemberGone(ClusterMemberGone member)
    {
        if (_state.Nodes.OwnerOf(member) is NodeOwner owner)
        {
            _nodes.Remove(owner);
            _fetchers.Remove(owner);
            _permits.Remove(owner, Now);
            string address = NodeStatus.HostAndPort(member.Address);
            Log.NodeRemoved(_log, address, owner);
        }

        Apply(_state.Without(member));
        RemoveScratch();
    }

    private void OnRegister(RegisterNode node)
    {
        if (!_nodes.ContainsKey(node.Owner))
        {
            string address = NodeStatus.HostAndPort(node.Address);
            Log.NodeRegistered(_log, address, node.Roles, node.Owner);
        }

        _nodes[node.Owner] = Sender;
        Sender.Tell(new NodeRegistered(node.Owner));
        Apply(_state with { Nodes = _state.Nodes.With(node, Now) });
    }

    private void OnDrain(DrainNode drain)
    {
        ClusterMember? member = _state.Nodes.Members.Values.FirstOrDefault(member => member.HostAndPort == drain.Address);
        if (member is null)
        {
            Sender.Tell(new JobRefused($"there is no node {drain.Address}; koala nodes lists them."));
        }
        else if (_state.Nodes.RegistrationOf(member) is RegisterNode registered && _nodes.TryGetValue(registered.Owner, out IActorRef? node))
        {
            node.Tell(new Leave());
            Sender.Tell(new DrainAccepted(drain.Address));
            Log.NodeDraining(_log, drain.Address);
        }
        else
        {
            Sender.Tell(new JobRefused($"{drain.Address} has not registered yet; try again in a few seconds."));
        }
    }

    private void OnRequestSlices(FetchProtocol.RequestSlices request)
    {
        _fetchers[request.Owner] = Sender;
        (CoordinatorState state, ReportReply reply) = _state.WithReport(request, Now);
        foreach (SliceId slice in reply.Recalled)
        {
            Sender.Tell(new FetchProtocol.SliceRecalled(slice));
        }

        foreach (FetchProtocol.SliceLeased lease in reply.Resent)
        {
            Sender.Tell(lease);
        }

        Apply(state);
    }

    // The manifest counts, and not what the message says of it. While the job is being opened there is no ledger to change: the node sends it again.
    private void OnResolved(FetchProtocol.SliceResolved resolved)
    {
        CoordinatedJob? job = _state.Find(resolved.Slice.Job);
        if (job is { IsWorking: true } && job.Ledger!.IsOpen(resolved.Slice))
        {
            CoordinationInstruments.Resolved.Add(1);
            _queue.ReadSlice(job, resolved.Slice, Sender);
        }
        else if (job is not { Phase: JobPhase.Opening })
        {
            Sender.Tell(new FetchProtocol.SliceAcknowledged(resolved.Slice));
        }
    }

    private void OnSliceRead(SliceRead read)
    {
        if (read.Summary is null)
        {
            Log.NotInStore(_log, read.Slice.ToString());
        }
        else if (_state.Find(read.Slice.Job) is not { IsWorking: true } job || !job.Ledger!.IsOpen(read.Slice))
        {
            Sender.Tell(new FetchProtocol.SliceAcknowledged(read.Slice));
        }
    }

    private void OnCommitted(WriteProtocol.RecordCommitted committed)
    {
        if (_state.Find(committed.Record.Job) is { IsWorking: true } job && job.Ledger!.Records.ContainsKey(committed.Record.Record))
        {
            _queue.ReadRecord(job, committed.Record.Record);
        }
    }

    private void OnHandedBack(FetchProtocol.SliceHandedBack back)
    {
        CoordinationInstruments.HandedBack.Add(1, KeyValuePair.Create<string, object?>("fault", back.Fault is not null));
        if (back.Fault is string fault)
        {
            Log.SliceFailed(_log, back.Slice, back.Owner, fault);
            _state = _state with { Nodes = _state.Nodes.WithError(back.Owner, fault, Now) };
        }

        Apply(_state.With(back.Slice.Job, ledger => ledger.WithHandedBack(back.Slice, back.Owner, back.Ended, back.Fault, Now)).At(Now));
    }

    // A node whose job is not worked on yet reports again.
    private void OnReportHostUsage(FetchProtocol.ReportHostUsage report)
    {
        if (_state.EpochOf(report.Job) is not null)
        {
            _permits.Apply(report, Sender, Now, _state.Find(report.Job)?.TryTimeout);
        }
    }

    private void OnRecordFailed(WriteProtocol.RecordFailed failed)
    {
        CoordinationInstruments.RecordFailures.Add(1);
        Log.RecordFailed(_log, failed.Record, failed.Owner, failed.Reason);
        _state = _state with { Nodes = _state.Nodes.WithError(failed.Owner, failed.Reason, Now) };
        Apply(_state.WithRecordFailure(failed, Now));
    }

    private void OnSubmit(SubmitJob submit)
    {
        JobSpec spec = submit.Spec with { Data = JobId.Normal(submit.Spec.Data) };
        JobId id = JobId.Of(spec.Data);
        if (_queue.IsAppending(id))
        {
            Stash.Stash();
        }
        else if (_state.ReplyToSubmit(id, spec) is IWireMessage reply)
        {
            Sender.Tell(reply);
        }
        else
        {
            _queue.Append(id, spec, isCancelled: false, Sender);
        }
    }

    // As if it were submitted again as it was, with that.
    private void OnRetry(RetryFailed retry)
    {
        if (_queue.IsAppending(retry.Job))
        {
            Stash.Stash();
        }
        else if (_state.Find(retry.Job) is not CoordinatedJob job)
        {
            Sender.Tell(JobStatusProjection.Unknown(retry.Job));
        }
        else if (job.IsLive)
        {
            Sender.Tell(new JobRefused($"{retry.Job} is in work; its failed links can be tried again when it is done."));
        }
        else
        {
            OnSubmit(new SubmitJob(job.Entry.Spec with { RetryFailed = true }));
        }
    }

    private void OnCancel(CancelJob cancel)
    {
        if (_queue.IsAppending(cancel.Job))
        {
            Stash.Stash();
        }
        else if (_state.ReplyToCancel(cancel.Job) is IWireMessage reply)
        {
            Sender.Tell(reply);
        }
        else
        {
            _queue.Cancel(cancel.Job);
            _queue.Append(cancel.Job, _state.Find(cancel.Job)!.Entry.Spec, isCancelled: true, Sender);
        }
    }

    /// <summary>Queues what a job in work needs of the store now.</summary>
    private void QueueOperations(CoordinatedJob job)
    {
        if (job is { MakesRecords: true, Key: null } && job.Choose(_state.Nodes.Networks) is EmbedKey key)
        {
            _queue.FixNetwork(job, key);
        }

        if (job.Ledger!.IsDone)
        {
            _queue.Close(job);
        }
    }

    private void OnReadEpochs()
    {
        foreach (CoordinatedJob job in _state.Working)
        {
            _queue.ReadEpoch(job);
        }
    }

    private void RemoveScratch()
    {
        foreach (CoordinatedJob job in _state.ReadyForScratchRemoval.Where(job => _queue.RemoveScratch(job, _state.Nodes.Owners)).ToArray())
        {
            _state = _state.With(job with { NeedsScratchRemoval = false });
        }
    }

    private void OnStoreWaits(JobStoreWaits waits)
    {
        Log.OperationFailed(_log, waits.Operation.Kind, waits.Operation.Job, waits.Failure);
        Apply(_state.WithResult(waits, Now));
    }

    private void OnLoaded(JobStoreResult result)
    {
        _queue.Complete(result.Operation);
        if (result is not JobsLoaded loaded)
        {
            Log.OperationFailed(_log, result.Operation.Kind, result.Operation.Job, (result as JobStoreFailed)?.Failure);
            Timers.StartSingleTimer(nameof(LoadAgain), new LoadAgain(), LoadAgainAfter);
            return;
        }

        _state = _state.With([.. loaded.Jobs.Reverse().Select(job => CoordinatedJob.Load(job, leasesFrom: Now + CoordinatorState.ReportsTake))]);
        Become(Working);
        Stash.UnstashAll();
        Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TickInterval);
        Timers.StartPeriodicTimer(nameof(ReadEpochs), new ReadEpochs(), ReadEpochsInterval);
        foreach (CoordinatedJob job in _state.Live)
        {
            _queue.Open(job.Entry);
        }
    }

    private void OnStoreResult(JobStoreResult result)
    {
        _queue.Complete(result.Operation);
        if (result is JobStoreFailed { Failure: not (JobRefusedException or OperationCanceledException) } failed)
        {
            Log.OperationFailed(_log, failed.Operation.Kind, failed.Operation.Job, failed.Failure);
        }

        switch (result)
        {
            case EntryAppended appended:
                OnAppended(appended.Entry);
                break;
            case JobStoreFailed { Operation.Kind: JobStoreOperationKind.Append } notAppended:
                OnNotAppended(notAppended);
                break;
            default:
                bool wasOpening = _state.Find(result.Operation.Job) is { Phase: JobPhase.Opening };
                Apply(_state.WithResult(result, Now));
                if (result is SliceRead slice)
                {
                    OnSliceRead(slice);
                }
                else if (result is RecordRead { IsCommitted: false } record)
                {
                    Log.NotInStore(_log, new RecordId(record.Operation.Job, record.Record).ToString());
                }
                else if (result is DataSetOpened opened)
                {
                    Log.JobOpened(_log, opened.Entry.Job, opened.Opened.Epoch);
                }
                else if (!wasOpening && _state.Find(result.Operation.Job) is { Phase: JobPhase.Opening } taken)
                {
                    Log.TakenBack(_log, taken.Id, ((EpochRead)result).Newest!.Epoch);
                    _queue.Open(taken.Entry);
                }

                break;
        }
    }

    /// <summary>A job's entry is durable: who submitted or cancelled the job gets the answer.</summary>
    private void OnAppended(JobEntry entry)
    {
        CoordinatedJob? known = _state.Find(entry.Job);
        Sender.Tell(new JobAccepted(entry.Job, IsNew: known is null));
        if (entry.IsCancelled)
        {
            Log.JobCancelled(_log, entry.Job);
        }
        else
        {
            Log.JobSubmitted(_log, entry.Job);
        }

        if (entry.IsCancelled)
        {
            Apply(_state.With((known! with { Entry = entry }).Ended(JobPhase.Cancelled)));
        }
        else
        {
            if (known is null)
            {
                _permits.Begin(entry.Job);
            }

            var job = new CoordinatedJob(entry, JobPhase.Opening);
            Apply(_state.Without(entry.Job).With(job));
            _queue.Open(job.Entry);
        }

        Stash.UnstashAll();
    }

    private void OnNotAppended(JobStoreFailed failed)
    {
        Sender.Tell(new JobRefused($"the store does not take the job: {(failed.Failure is JobRefusedException ? failed.Failure.Message : StoreFault.Sentence(failed.Failure))}"));
        if (_state.Find(failed.Operation.Job) is { Phase: JobPhase.Opening } opening)
        {
            // Its opening was stopped to cancel it.
            _queue.Open(opening.Entry);
        }

        Stash.UnstashAll();
    }

    private sealed record Tick : INoSerializationVerificationNeeded;

    private sealed record ReadEpochs : INoSerializationVerificationNeeded;

    private sealed record LoadAgain : INoSerializationVerificationNeeded;
}
