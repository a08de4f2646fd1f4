using System.Collections.Immutable;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Coordination;

/// <summary>All jobs and all nodes. Immutable; times come from outside.</summary>
internal sealed record CoordinatorState
{
    public static readonly CoordinatorState Empty = new();

    /// <summary>Before a job that the store had continues, every node has reported what it holds: no slice is leased twice.</summary>
    public static readonly TimeSpan ReportsTake = FetchProtocol.RequestSlices.Every + TimeSpan.FromSeconds(1);

    /// <summary>Jobs that are opened or worked on at once.</summary>
    public const int MaxLive = 500;

    /// <summary>Jobs that are known, ended ones included.</summary>
    public const int MaxJobs = 10_000;

    /// <summary>The jobs, oldest first.</summary>
    public ImmutableList<CoordinatedJob> Jobs { get; private init; } = [];

    public NodeRegistry Nodes { get; init; } = NodeRegistry.Empty;

    /// <summary>
    /// Whether a job waits for a store that cannot be read or written, instead of failing. Not in a run of one process, whose user is there to hear of it.
    /// </summary>
    public bool IsPatient { get; init; } = true;

    /// <summary>The jobs that are opened or worked on.</summary>
    public IEnumerable<CoordinatedJob> Live => Jobs.Where(job => job.IsLive);

    /// <summary>The jobs that are worked on.</summary>
    public IEnumerable<CoordinatedJob> Working => Jobs.Where(job => job.IsWorking);

    /// <summary>The jobs whose data sets may have scratch spaces of owners that left. A member that has not registered may own one of them.</summary>
    public IEnumerable<CoordinatedJob> ReadyForScratchRemoval => Nodes.AllRegistered ? Working.Where(job => job.NeedsScratchRemoval) : [];

    /// <summary>A job, or null.</summary>
    public CoordinatedJob? Find(JobId job) => Jobs.Find(known => known.Id == job);

    /// <summary>The epoch of a job that is worked on, or null.</summary>
    public long? EpochOf(JobId job) => Find(job) is { IsWorking: true } working ? working.Opened!.Epoch : null;

    /// <summary>A job is new, or has changed.</summary>
    public CoordinatorState With(CoordinatedJob job)
    {
        int index = Jobs.FindIndex(known => known.Id == job.Id);
        return this with { Jobs = index < 0 ? Jobs.Add(job) : Jobs.SetItem(index, job) };
    }

    /// <summary>These jobs, and no others.</summary>
    public CoordinatorState With(IReadOnlyList<CoordinatedJob> jobs) => this with { Jobs = [.. jobs] };

    /// <summary>All jobs but one.</summary>
    public CoordinatorState Without(JobId job) => this with { Jobs = Jobs.RemoveAll(known => known.Id == job) };

    /// <summary>A job's ledger changes, when the job is worked on.</summary>
    public CoordinatorState With(JobId job, Func<JobLedger, JobLedger> change) =>
        Find(job) is { IsWorking: true } working ? With(working with { Ledger = change(working.Ledger!) }) : this;

    /// <summary>The reply to a job that is submitted while it is in work; null: its entry is appended first.</summary>
    public IWireMessage? ReplyToSubmit(JobId id, JobSpec spec) =>
        DataPath.FaultOf(spec.Data) is string fault ? new JobsProtocol.JobRefused($"'{spec.Data}' cannot be a data set's folder: {fault}.")
        : Find(id) is null && RefusalOfNew(spec.Data) is string refusal ? new JobsProtocol.JobRefused(refusal)
        : Find(id) is not { IsLive: true } live ? LimitOfLive()
        : JobOption.Difference(live.Entry.Spec, spec) is string difference
            ? new JobsProtocol.JobRefused($"{id} is in work with other options: {difference}; leave that out, or cancel the job first.")
            : new JobsProtocol.JobAccepted(id, IsNew: false);

    private JobsProtocol.JobRefused? LimitOfLive() =>
        Live.Count() >= MaxLive ? new JobsProtocol.JobRefused($"{MaxLive} jobs are in work already; wait until some are done, or cancel some.") : null;

    private string? RefusalOfNew(string data) =>
        Jobs.Count >= MaxJobs ? $"the store has {MaxJobs:N0} jobs already; stop the control nodes and remove old ones from STORE/.koala/jobs."
        : Jobs.Find(job => IsInside(data, job.Entry.Spec.Data)) is CoordinatedJob outer ? $"{data} is inside the data set {outer.Entry.Spec.Data} of job {outer.Id}; choose a folder outside of it."
        : Jobs.Find(job => IsInside(job.Entry.Spec.Data, data)) is CoordinatedJob inner ? $"the data set {inner.Entry.Spec.Data} of job {inner.Id} is inside {data}; choose another folder."
        : null;

    private static bool IsInside(string data, string set) =>
        data != set && set.Length > 0 && (set == "." || data.StartsWith(set + "/", StringComparison.Ordinal));

    /// <summary>The reply to a cancellation of a job that is not in work; null: its entry is appended first.</summary>
    public IWireMessage? ReplyToCancel(JobId id) => Find(id) switch
    {
        null => JobStatusProjection.Unknown(id),
        { Phase: JobsProtocol.JobPhase.Done } => new JobsProtocol.JobRefused($"{id} is done already."),
        { Phase: JobsProtocol.JobPhase.Cancelled } => new JobsProtocol.JobAccepted(id, IsNew: false),
        _ => null,
    };

    /// <summary>A member was removed, and with it whatever it worked on.</summary>
    public CoordinatorState Without(ClusterMemberGone member)
    {
        CoordinatorState state = this with { Nodes = Nodes.Without(member) };
        foreach (CoordinatedJob job in Working)
        {
            JobLedger ledger = Nodes.OwnerOf(member) is NodeOwner owner ? job.Ledger!.Without(owner) : job.Ledger!;
            state = state.With(job with { Ledger = ledger, NeedsScratchRemoval = true });
        }

        return state;
    }

    /// <summary>A fetch node reports the slices that it holds, and how many more it can take.</summary>
    public (CoordinatorState State, ReportReply Reply) WithReport(FetchProtocol.RequestSlices report, TimeSpan now)
    {
        CoordinatorState state = this;

        // Of a job that is being opened nothing is known yet.
        List<SliceId> recalled = [.. report.Active.Select(active => active.Slice).Where(slice => Find(slice.Job) is not { IsLive: true })];
        List<FetchProtocol.SliceLeased> resent = [];
        foreach (CoordinatedJob job in Working)
        {
            (JobLedger ledger, IReadOnlyList<SliceId> taken, IReadOnlyList<SliceId> again) =
                job.Ledger!.WithReport(report.Owner, [.. report.Active.Where(active => active.Slice.Job == job.Id)], now);
            state = state.With(job with { Ledger = ledger });
            recalled.AddRange(taken);
            resent.AddRange(again.Select(job.LeaseOf));
        }

        // What was leased since the node wrote takes of its room.
        HashSet<SliceId> named = [.. report.Active.Select(active => active.Slice)];
        int inTransit = state.Working.Sum(job => job.Ledger!.Leases.All.Count(pair => pair.Lease.Holder == report.Owner && !named.Contains(pair.Slice)));
        var demand = new SliceDemand(Math.Max(0, report.Room - inTransit), report.Active);
        return (state with { Nodes = state.Nodes.With(report.Owner, demand, now) }, new ReportReply(recalled, resent));
    }

    /// <summary>An operation on the store ended. It changes nothing when its job was stopped, or submitted again, meanwhile.</summary>
    public CoordinatorState WithResult(JobStoreResult result, TimeSpan now)
    {
        if (Find(result.Operation.Job) is not { IsLive: true } job || job.Entry.Number != result.Operation.Number)
        {
            return this;
        }

        // While it is opened again, what was queued for the data set as it was open before says nothing.
        if (!job.IsWorking && result.Operation.Kind != JobStoreOperationKind.Open)
        {
            return this;
        }

        if (result is not (JobStoreWaits or JobStoreFailed))
        {
            job = job with { StoreFault = null };
        }

        return result switch
        {
            DataSetOpened opened => WithOpened((job with { Entry = opened.Entry }).WithOpened(opened.Opened), now),
            NetworkFixed network => With(job.WithNetwork(network.Network)),
            JobStoreWaits waits => With(job with { StoreFault = StoreFault.Sentence(waits.Failure, continues: true) }),
            EpochRead { Newest: DataOwner newest } when newest.Epoch > job.Opened?.Epoch => With(WithLaterEpoch(job, newest, now)),
            EpochRead => With(job with { LaterEpoch = null }),
            SliceRead { Summary: SliceSummary read } slice => With(job with { Ledger = job.Ledger!.WithResolved(slice.Slice, read.Survivors, read.Outcomes) }),
            RecordRead { IsCommitted: true } record => With(job with { Ledger = job.Ledger!.WithWritten(record.Record) }),
            ScratchRemoved removed => With(job with { Ledger = job.Ledger!.WithLosses(removed.Losses) }),
            DataSetClosed => With(job.Ended(JobsProtocol.JobPhase.Done)),
            JobStoreFailed { Failure: OperationCanceledException } => this,
            JobStoreFailed { Operation.Kind: JobStoreOperationKind.RemoveScratch } => With(job with { NeedsScratchRemoval = true }),
            JobStoreFailed { Operation.Kind: JobStoreOperationKind.ReadEpoch or JobStoreOperationKind.ReadSlice or JobStoreOperationKind.ReadRecord } => this,
            JobStoreFailed failed => With(job.Failed(StoreFault.Is(failed.Failure) ? StoreFault.Sentence(failed.Failure) : failed.Failure.Message)),
            _ => this,
        };
    }

    private static CoordinatedJob WithLaterEpoch(CoordinatedJob job, DataOwner newest, TimeSpan now) => newest.Kind switch
    {
        DataOwnerKind.Run => job.Failed($"a run has taken over its data set ({newest.Note}); submit it again to continue it here"),
        DataOwnerKind.None => job.Ended(JobsProtocol.JobPhase.Cancelled),
        _ => job.WithLaterEpoch(newest, now, leasesFrom: now + ReportsTake),
    };

    /// <summary>A job's data set is open: slices of it that nodes reported are leased to them.</summary>
    public CoordinatorState WithOpened(CoordinatedJob job, TimeSpan now) => Nodes.AllDemands.Aggregate(With(job), (state, node) => state.With(
        job.Id, ledger => ledger.WithReport(node.Node, [.. node.Demand.Active.Where(active => active.Slice.Job == job.Id)], now).Ledger));

    /// <summary>A record could not be written: it is tried again, or its job fails.</summary>
    public CoordinatorState WithRecordFailure(WriteProtocol.RecordFailed failed, TimeSpan now)
    {
        if (Find(failed.Record.Job) is not { IsWorking: true } job)
        {
            return this;
        }

        (JobLedger ledger, bool isEnough) = job.Ledger!.WithRecordFailure(failed.Record.Record, failed.IsStoreFault ? failed.Reason : null, now);
        job = job with { Ledger = ledger };
        return With(failed.IsFinal || isEnough ? job.Failed(failed.Reason) : job);
    }

    /// <summary>
    /// Time has passed: leases without progress end, jobs that no node can work on wait, or fail where that is of no use, nodes that left are forgotten.
    /// </summary>
    public CoordinatorState At(TimeSpan now)
    {
        CoordinatorState state = WithAll(ledger => ledger.At(now)) with { Nodes = Nodes.At(now) };
        foreach (CoordinatedJob job in state.Working.ToArray())
        {
            NodeOwner[] able = [.. state.Nodes.Registered(NodeRoles.Fetch).Where(pair => job.FitsFetchNode(pair.Node)).Select(pair => pair.Node.Owner)];
            string? obstacle = job.Ledger!.Obstacle(able, now);
            if (obstacle != job.Obstacle)
            {
                state = state.With(IsPatient ? job with { Obstacle = obstacle } : job.Failed(obstacle!));
            }
        }

        return state;
    }

    /// <summary>Assigns slices to fetch nodes and records to writers.</summary>
    public SchedulingDecision Schedule(TimeSpan now)
    {
        (CoordinatorState state, IReadOnlyList<(NodeOwner, FetchProtocol.SliceLeased)> leases) = SliceScheduler.Schedule(this, now);
        state = RecordScheduler.Schedule(state, now);
        List<WriteProtocol.WriteRecord> records = [];
        foreach (CoordinatedJob job in state.Working.ToArray())
        {
            (JobLedger ledger, IReadOnlyList<RecordWork> due) = job.Ledger!.WithDueRecords(now);
            state = state.With(job with { Ledger = ledger });
            records.AddRange(due.Select(job.WriteOf));
        }

        return new SchedulingDecision(state, leases, records);
    }

    private CoordinatorState WithAll(Func<JobLedger, JobLedger> change) => Working.Aggregate(this, (state, job) => state.With(job.Id, change));
}

/// <summary>The reply to a fetch node's report.</summary>
/// <param name="Recalled">Slices to stop working on.</param>
/// <param name="Resent">Leases that it did not name.</param>
internal sealed record ReportReply(IReadOnlyList<SliceId> Recalled, IReadOnlyList<FetchProtocol.SliceLeased> Resent);

/// <summary>What is sent to nodes.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Leases">Slices, each for a node.</param>
/// <param name="Records">Records to send to their writers, for the first time or again.</param>
internal sealed record SchedulingDecision(
    CoordinatorState State, IReadOnlyList<(NodeOwner Node, FetchProtocol.SliceLeased Lease)> Leases, IReadOnlyList<WriteProtocol.WriteRecord> Records);
