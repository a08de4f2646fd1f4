using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>
/// What is left to do, who does it, and which record is next: one in the cluster. It keeps nothing: whoever takes over derives all from the store, and
/// from what nodes say that they hold.
/// </summary>
internal sealed partial class JobCoordinator : ReceiveActor, IWithTimers, IWithStash
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAtEpochsEvery = TimeSpan.FromSeconds(10);

    private readonly CoordinatorParts _parts;
    private readonly DeskLine _desk;
    private readonly long _start;
    private readonly Dictionary<NodeOwner, IActorRef> _nodes = [];
    private readonly Dictionary<NodeOwner, IActorRef> _fetchers = [];
    private readonly HashSet<JobId> _spacesToRemove = [];
    private readonly HostPermitService _permits;
    private JobBoard _board = JobBoard.Empty;

    public JobCoordinator(CoordinatorParts parts)
    {
        _parts = parts;
        _desk = new DeskLine(Self, parts.Time);
        _start = parts.Time.GetTimestamp();
        _permits = new HostPermitService(parts.Harvest, startedAt: TimeSpan.Zero);
        Become(Loading);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    // The clock is monotonic: a lease does not end because somebody sets the date.
    private TimeSpan Now => _parts.Time.GetElapsedTime(_start);

    protected override void PreStart()
    {
        if (_parts.Membership is Props membership)
        {
            Context.ActorOf(membership, "members");
        }

        Load();
    }

    protected override void PostStop() => _desk.StopAll();

    private void Loading()
    {
        Receive<DeskAnswer>(OnLoaded);
        Receive<LoadAgain>(_ => Load());
        ReceiveAny(_ => Stash.Stash());
    }

    private void Working()
    {
        Receive<ClusterMember>(OnMember);
        Receive<ClusterMemberGone>(OnMemberGone);
        Receive<JobsProtocol.NodeCard>(OnCard);
        Receive<FetchProtocol.RequestSlices>(OnRequest);
        Receive<FetchProtocol.SliceResolved>(OnResolved);
        Receive<FetchProtocol.SliceHandedBack>(OnHandedBack);
        Receive<FetchProtocol.ReportHostUsage>(report => _permits.Apply(report, Sender, _board.EpochOf(report.Job) is not null, Now));
        Receive<WriteProtocol.RecordProgress>(OnProgress);
        Receive<WriteProtocol.RecordWritten>(OnWritten);
        Receive<WriteProtocol.RecordFailed>(OnRecordFailed);
        Receive<JobsProtocol.SubmitJob>(OnSubmit);
        Receive<JobsProtocol.CancelJob>(OnCancel);
        Receive<JobsProtocol.GetJobs>(_ => Sender.Tell(JobViews.ListOf(_board)));
        Receive<JobsProtocol.GetJob>(OnGetJob);
        Receive<JobsProtocol.GetNodes>(_ => Sender.Tell(JobViews.NodesOf(_board)));
        Receive<JobsProtocol.DrainNode>(OnDrain);
        Receive<DeskAnswer>(OnDesk);
        Receive<Tick>(_ => OnTick());
        Receive<LookAtEpochs>(_ => OnLookAtEpochs());
    }

    private void OnTick()
    {
        Change(_board.At(Now));
        RemoveSpaces();
        _permits.Tick(Now);
    }

    /// <summary>Takes over a new state of things, and sends what follows from it.</summary>
    private void Change(JobBoard next)
    {
        Dealt dealt = next.Deal(Now);
        JobState[] ended = [.. _board.Working.Where(job => dealt.Board.Find(job.Id) is not { IsWorking: true })];
        _board = dealt.Board;
        foreach (JobState job in ended)
        {
            LetGo(job);
        }

        foreach ((NodeOwner node, FetchProtocol.SliceLeased lease) in dealt.Leases)
        {
            _fetchers[node].Tell(lease);
        }

        foreach (WriteProtocol.WriteRecord record in dealt.Records)
        {
            TellWriter(_board.Find(record.Record.Job)!, record);
        }

        foreach (JobState job in _board.Working)
        {
            AskDesk(job);
        }
    }

    // A job is not worked on any more: who works on it need not.
    private void LetGo(JobState job)
    {
        foreach ((SliceId slice, SliceLease lease) in job.Ledger!.Leases.All)
        {
            _fetchers.GetValueOrDefault(lease.Holder)?.Tell(new FetchProtocol.SliceRecalled(slice));
        }

        foreach (int record in job.Ledger.Records.Keys)
        {
            TellWriter(job, new WriteProtocol.AbandonRecord(new RecordId(job.Id, record)));
        }

        _permits.End(job.Id);
        JobState now = _board.Find(job.Id)!;
        Log.JobEnded(_parts.Log, job.Id, now.Phase, now.Failure ?? "");
    }

    private void TellWriter(JobState job, WriteProtocol.IRecordMessage message) =>
        _parts.Records(Context.System, job.Opened!.Parameters.CodecFingerprint).Tell(message, Self);

    private sealed record Tick : INoSerializationVerificationNeeded;

    private sealed record LookAtEpochs : INoSerializationVerificationNeeded;

    private sealed record LoadAgain : INoSerializationVerificationNeeded;
}
