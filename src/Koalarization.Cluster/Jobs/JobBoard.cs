using System.Collections.Immutable;
using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>All jobs and all nodes, and what each node gets next. Immutable; times come from outside.</summary>
internal sealed record JobBoard
{
    /// <summary>Records in work for each write node, all jobs together.</summary>
    public const int RecordsPerWriter = 2;

    /// <summary>Nothing, nobody.</summary>
    public static readonly JobBoard Empty = new();

    /// <summary>The jobs, oldest first.</summary>
    public ImmutableList<JobState> Jobs { get; private init; } = [];

    public NodeTable Nodes { get; init; } = NodeTable.Empty;

    /// <summary>The jobs that are worked on.</summary>
    public IEnumerable<JobState> Working => Jobs.Where(job => job.IsWorking);

    /// <summary>A job, or null.</summary>
    public JobState? Find(JobId job) => Jobs.Find(known => known.Id == job);

    /// <summary>The epoch of a job that is worked on, or null.</summary>
    public long? EpochOf(JobId job) => Find(job) is { IsWorking: true } working ? working.Opened!.Epoch : null;

    /// <summary>A job is new, or has changed.</summary>
    public JobBoard With(JobState job)
    {
        int place = Jobs.FindIndex(known => known.Id == job.Id);
        return this with { Jobs = place < 0 ? Jobs.Add(job) : Jobs.SetItem(place, job) };
    }

    /// <summary>All jobs but one.</summary>
    public JobBoard Without(JobId job) => this with { Jobs = Jobs.RemoveAll(known => known.Id == job) };

    /// <summary>A job's ledger changes, when the job is worked on.</summary>
    public JobBoard With(JobId job, Func<JobLedger, JobLedger> change) =>
        Find(job) is { IsWorking: true } state ? With(state with { Ledger = change(state.Ledger!) }) : this;

    /// <summary>The ledgers of all jobs in work change.</summary>
    public JobBoard WithAll(Func<JobLedger, JobLedger> change) => Working.Aggregate(this, (board, job) => board.With(job.Id, change));

    /// <summary>A member is gone, and with it whatever it worked on.</summary>
    public JobBoard Without(ClusterMemberGone member)
    {
        (NodeTable nodes, NodeOwner? gone) = Nodes.Without(member);
        JobBoard board = this with { Nodes = nodes };
        return gone is NodeOwner node ? board.WithAll(ledger => ledger.Without(node)) : board;
    }

    /// <summary>A fetch node says what it holds, and how much more it can take.</summary>
    public (JobBoard Board, NodeAnswer Answer) WithReport(FetchProtocol.RequestSlices report, TimeSpan now)
    {
        JobBoard board = this with { Nodes = Nodes.With(report.Owner, new NodeAsk(report.Room, report.Held)) };

        // Of a job that is being opened nothing is known yet.
        List<SliceId> recalled = [.. report.Held.Select(held => held.Slice).Where(slice => Find(slice.Job) is not { IsLive: true })];
        List<FetchProtocol.SliceLeased> toldAgain = [];
        foreach (JobState job in Working)
        {
            (JobLedger ledger, IReadOnlyList<SliceId> taken, IReadOnlyList<SliceId> again) =
                job.Ledger!.WithReport(report.Owner, [.. report.Held.Where(held => held.Slice.Job == job.Id)], now);
            board = board.With(job with { Ledger = ledger });
            recalled.AddRange(taken);
            toldAgain.AddRange(again.Select(job.LeaseOf));
        }

        // What was given since the node wrote takes of its room.
        HashSet<SliceId> named = [.. report.Held.Select(held => held.Slice)];
        int onTheWay = board.Working.Sum(job => job.Ledger!.Leases.All.Count(pair => pair.Lease.Holder == report.Owner && !named.Contains(pair.Slice)));
        return (board with { Nodes = board.Nodes.With(report.Owner, new NodeAsk(Math.Max(0, report.Room - onTheWay), report.Held)) },
            new NodeAnswer(recalled, toldAgain));
    }

    /// <summary>A job's data set is open: what nodes said that they hold of it is theirs.</summary>
    public JobBoard WithOpened(JobState job, TimeSpan now) => Nodes.AllAsks.Aggregate(With(job), (board, node) => board.With(
        job.Id, ledger => ledger.WithReport(node.Node, [.. node.Ask.Held.Where(held => held.Slice.Job == job.Id)], now).Ledger));

    /// <summary>A record could not be written: it is tried again, or its job cannot go on.</summary>
    public JobBoard WithRecordFailure(WriteProtocol.RecordFailed failed, TimeSpan now)
    {
        if (Find(failed.Record.Job) is not { IsWorking: true } job)
        {
            return this;
        }

        (JobLedger ledger, bool isEnough) = job.Ledger!.WithRecordFailure(failed.Record.Record, now);
        job = job with { Ledger = ledger };
        return With(failed.IsFinal || isEnough ? job.Failed(failed.Reason) : job);
    }

    /// <summary>Time goes by: what shows no progress passes on, and jobs that no node can work on fail.</summary>
    public JobBoard At(TimeSpan now)
    {
        JobBoard board = WithAll(ledger => ledger.At(now));
        foreach (JobState job in board.Working.ToArray())
        {
            NodeOwner[] able = [.. Nodes.Spoken(NodeRoles.Fetch).Where(node => job.Fits(node.Card)).Select(node => node.Card.Owner)];
            if (job.Ledger!.Faults.OfAll(able, now) is string sentence)
            {
                board = board.With(job.Failed(sentence));
            }
        }

        return board;
    }

    /// <summary>Gives nodes what they can take.</summary>
    public Dealt Deal(TimeSpan now)
    {
        (JobBoard board, IReadOnlyList<(NodeOwner, FetchProtocol.SliceLeased)> leases) = SliceDeal.Of(this, now);
        board = board.WithRecords(now);
        List<WriteProtocol.WriteRecord> records = [];
        foreach (JobState job in board.Working.ToArray())
        {
            (JobLedger ledger, IReadOnlyList<RecordWork> due) = job.Ledger!.TellWriters(now);
            board = board.With(job with { Ledger = ledger });
            records.AddRange(due.Select(job.WriteOf));
        }

        return new Dealt(board, leases, records);
    }

    /// <summary>Whether embedders that a job can use, and writers, have nothing of it to do.</summary>
    public bool IsIdleFor(JobState job) =>
        job.Key is not null && job.Ledger!.Records.IsEmpty && job.Choose(Nodes.Networks) is not null && WritersFor(job).Any();

    /// <summary>The write nodes that a job's records may be written by.</summary>
    public IEnumerable<JobsProtocol.NodeCard> WritersFor(JobState job) => Nodes.Working(NodeRoles.Write).Where(job.Fits);

    // Writers of different JPEG libraries do not share jobs.
    private JobBoard WithRecords(TimeSpan now) => Working.GroupBy(job => job.Opened!.Parameters.CodecFingerprint, StringComparer.Ordinal)
        .Aggregate(this, (board, jobs) => board.WithRecords([.. jobs], now));

    // The job with the fewest records in work is next.
    private JobBoard WithRecords(IReadOnlyList<JobState> jobs, TimeSpan now)
    {
        JobBoard board = this;
        int room = (RecordsPerWriter * WritersFor(jobs[0]).Count()) - jobs.Sum(job => job.Ledger!.Records.Count);
        JobState[] ready = [.. jobs.Where(job => job.MakesRecords && job.Key is not null && job.Choose(Nodes.Networks) is not null)];
        for (; room > 0; room--)
        {
            JobState? next = ready.Select(job => board.Find(job.Id)!)
                .Where(job => job.Ledger!.NextRecord() is not null)
                .MinBy(job => job.Ledger!.Records.Count);
            if (next is null)
            {
                break;
            }

            board = board.With(next.Id, ledger => ledger.WithRecord(ledger.NextRecord()!, now));
        }

        return board;
    }
}

/// <summary>What a node is told after it said what it holds.</summary>
/// <param name="Recalled">Slices that it shall give up.</param>
/// <param name="ToldAgain">Slices that are its, and that it did not name.</param>
internal sealed record NodeAnswer(IReadOnlyList<SliceId> Recalled, IReadOnlyList<FetchProtocol.SliceLeased> ToldAgain);

/// <summary>What nodes get.</summary>
/// <param name="Board">What is known after it.</param>
/// <param name="Leases">Slices, each for a node.</param>
/// <param name="Records">Records whose writers are to be told.</param>
internal sealed record Dealt(
    JobBoard Board, IReadOnlyList<(NodeOwner Node, FetchProtocol.SliceLeased Lease)> Leases, IReadOnlyList<WriteProtocol.WriteRecord> Records);
