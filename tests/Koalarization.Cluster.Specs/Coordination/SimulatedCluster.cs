using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Dataset.Ledger;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>
/// A store, nodes and a coordinator's state, in one thread and with a clock of its own. The store keeps what is published first; everything else may be
/// lost, come twice, or come late.
/// </summary>
internal sealed class SimulatedCluster
{
    private const int Room = 2;

    private readonly int[] _survivors;
    private readonly int _perRecord;
    private readonly Random _random;
    private readonly JobId _job = JobId.Of("set");

    // The store.
    private readonly HashSet<int> _resolved = [];
    private readonly SortedDictionary<int, RecordWork> _written = [];

    // The nodes: what each holds, with its progress; stalled nodes make none.
    private readonly List<Fetcher> _fetchers = [];
    private readonly List<(Fetcher Ghost, int Slice)> _late = [];
    private readonly Dictionary<int, RecordWork> _told = [];
    private readonly Dictionary<int, int> _failures = [];
    private int _born;

    private CoordinatorState _state = CoordinatorState.Empty;
    private TimeSpan _now = TimeSpan.FromHours(1);
    private bool _isFair;

    public SimulatedCluster(int[] survivors, int perRecord, int fetchers, Random random)
    {
        (_survivors, _perRecord, _random) = (survivors, perRecord, random);
        for (int i = 0; i < fetchers; i++)
        {
            Join();
        }

        BeginCoordinator();
    }

    public bool IsDone => _state.Find(_job)!.Ledger!.IsDone;

    public IEnumerable<(int Slice, int Place)> Survivors => Enumerable.Range(0, _survivors.Length).SelectMany(slice => Enumerable.Range(0, _survivors[slice]).Select(i => (slice, i)));

    public IEnumerable<(int Slice, int Place)> PicturesInRecords => _written.Values.SelectMany(work => Enumerable.Range(work.FirstSlice, work.LastSlice - work.FirstSlice + 1)
        .SelectMany(slice => Enumerable.Range(0, _survivors[slice]).Select(i => (slice, i))).Skip(work.Offset).Take(work.Count));

    public void Misbehave(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            Fetcher node = _fetchers[_random.Next(_fetchers.Count)];
            switch (_random.Next(14))
            {
                case 0:
                    Pass(TimeSpan.FromSeconds(_random.Next(1, 40)));
                    break;
                case 1 when _random.Next(3) == 0:
                    Die(node);
                    break;
                case 2 when _random.Next(4) == 0:
                    BeginCoordinator();
                    break;
                case 3:
                    node.IsStalled = !node.IsStalled;
                    break;
                case 4 when node.Held.Count > 0:
                    int given = node.Held.Keys.First();
                    node.Held.Remove(given);
                    Change(_state.With(_job, ledger => ledger.WithHandedBack(IdOf(given), node.Owner, [], fault: null, _now)));
                    break;
                case 5 when _late.Count > 0:
                    // A node whose lease ended long ago resolves its slice after all.
                    (Fetcher ghost, int slice) = _late[_random.Next(_late.Count)];
                    Resolve(ghost, slice);
                    break;
                case 6 or 7:
                    Work(node);
                    break;
                case 8 when _told.Count > 0:
                    WriteOne();
                    break;
                case 9 when _told.Count > 0:
                    FailOne();
                    break;
                default:
                    Report(node);
                    break;
            }

            Check();
        }
    }

    /// <summary>From now on nothing goes wrong.</summary>
    public void Finish()
    {
        _isFair = true;
        foreach (Fetcher node in _fetchers)
        {
            node.IsStalled = false;
        }

        for (int round = 0; round < 1000 && !IsDone; round++)
        {
            Pass(TimeSpan.FromSeconds(1));
            foreach (Fetcher node in _fetchers.ToArray())
            {
                Report(node);
                Work(node);
            }

            WriteOne();
            Check();
        }
    }

    private void Check()
    {
        JobLedger ledger = _state.Find(_job)!.Ledger!;
        Assert.All(ledger.Leases.All, pair => Assert.True(ledger.IsOpen(pair.Slice), "a resolved slice is in work"));
        Assert.All(ledger.Leases.All.CountBy(pair => pair.Slice), pair => Assert.InRange(pair.Value, 1, 2));
    }

    private void Join()
    {
        var node = new Fetcher($"fetch-{++_born}");
        _fetchers.Add(node);
        _state = _state.WithNode(node.Name, "fetch");
    }

    private void Die(Fetcher node)
    {
        _fetchers.Remove(node);
        _late.AddRange(node.Held.Keys.Select(slice => (node, slice)));
        Change(_state.WithoutNode(node.Name));
        Join();
    }

    // A new coordinator knows what is in the store; nodes register again.
    private void BeginCoordinator()
    {
        RoundLedger round = _resolved.Aggregate(
            RoundLedger.Begin(round: 1, _survivors.Length, firstRecord: 0, _perRecord), (ledger, slice) => ledger.WithResolved(slice, _survivors[slice]));
        CoordinatorState state = CoordinatorState.Empty.WithNode("write-1", "write").WithNode("embed-1", "embed", ActiveJobsTests.Codec, ActiveJobsTests.Key);
        state = _fetchers.Aggregate(state, (all, node) => all.WithNode(node.Name, "fetch"));
        Change(state.WithOpened(ActiveJobsTests.Working("set", ActiveJobsTests.Network with { PicturesPerRecord = _perRecord }, round.WithWritten(_written.Keys)), _now));
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        Change(_state.At(_now));
    }

    private void Report(Fetcher node)
    {
        foreach (int slice in node.Held.Keys.ToArray())
        {
            node.Held[slice] += node.IsStalled ? 0 : 1;
        }

        (CoordinatorState state, ReportReply reply) = _state.WithReport(
            new(node.Owner, Room - node.Held.Count, [.. node.Held.Select(held => new FetchProtocol.ActiveSlice(IdOf(held.Key), 1, held.Value))]), _now);
        foreach (SliceId slice in reply.Recalled.Where(slice => node.Held.ContainsKey(slice.Slice)))
        {
            node.Held.Remove(slice.Slice);
            _late.Add((node, slice.Slice));
        }

        foreach (FetchProtocol.SliceLeased lease in reply.Resent)
        {
            node.Held.TryAdd(lease.Slice.Slice, 0);
        }

        Change(state);
        foreach (int slice in node.Unnoted.ToArray())
        {
            Tell(node, slice);
        }
    }

    private void Work(Fetcher node)
    {
        if (!node.IsStalled && node.Held.Count > 0)
        {
            Resolve(node, node.Held.Keys.ElementAt(_random.Next(node.Held.Count)));
        }
    }

    private void Resolve(Fetcher node, int slice)
    {
        _resolved.Add(slice);
        node.Held.Remove(slice);
        node.Unnoted.Add(slice);
        Tell(node, slice);
    }

    private void Tell(Fetcher node, int slice)
    {
        if (IsLost())
        {
            return;
        }

        Change(_state.With(_job, ledger => ledger.WithResolved(IdOf(slice), _survivors[slice], [])));
        if (!IsLost())
        {
            node.Unnoted.Remove(slice);
        }
    }

    private void WriteOne()
    {
        if (_told.Count > 0)
        {
            RecordWork work = _told.Values.ElementAt(_random.Next(_told.Count));
            _told.Remove(work.Record);
            Assert.Equal(_written.GetValueOrDefault(work.Record, work), work);
            _written[work.Record] = work;
            if (!IsLost())
            {
                Change(_state.With(_job, ledger => ledger.WithWritten(work.Record)));
            }
        }
    }

    private void FailOne()
    {
        int record = _told.Keys.First();
        int failures = _failures[record] = _failures.GetValueOrDefault(record) + 1;
        if (failures < RecordAssignment.MaxFailures)
        {
            _told.Remove(record);
            Change(_state.WithRecordFailure(new(new RecordId(_job, record), new NodeOwner("write-1"), "the disk is slow", IsFinal: false), _now));
        }
    }

    private void Change(CoordinatorState state)
    {
        SchedulingDecision decision = state.Schedule(_now);
        _state = decision.State;
        foreach ((NodeOwner owner, FetchProtocol.SliceLeased lease) in decision.Leases)
        {
            Assert.DoesNotContain(lease.Slice.Slice, ResolvedAsKnown());
            if (!IsLost())
            {
                _fetchers.Single(node => node.Owner == owner).Held.TryAdd(lease.Slice.Slice, 0);
            }
        }

        foreach (WriteProtocol.WriteRecord record in decision.Records.Where(_ => !IsLost()))
        {
            _told[record.Record.Record] = new RecordWork(record.Record.Record, record.Round, record.FirstSlice, record.LastSlice, record.Offset, record.Count);
        }
    }

    private IEnumerable<int> ResolvedAsKnown() => Enumerable.Range(0, _survivors.Length).Where(slice => !_state.Find(_job)!.Ledger!.IsOpen(IdOf(slice)));

    private bool IsLost() => !_isFair && _random.Next(4) == 0;

    private SliceId IdOf(int slice) => new(_job, 1, slice);

    private sealed class Fetcher(string name)
    {
        public string Name => name;

        public NodeOwner Owner => new(name);

        public SortedDictionary<int, long> Held { get; } = [];

        public HashSet<int> Unnoted { get; } = [];

        public bool IsStalled { get; set; }
    }
}
