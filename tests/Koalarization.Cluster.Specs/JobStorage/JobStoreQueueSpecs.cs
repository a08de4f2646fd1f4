using System.Collections.Concurrent;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Specs.Coordination;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.JobStorage;

public sealed class JobStoreQueueSpecs : TestKit
{
    private readonly GatedStore _store = new();
    private readonly TestProbe _coordinator;
    private readonly SteppedTimeProvider _time = new();
    private readonly ConcurrentQueue<TimeSpan> _waits = [];
    private readonly JobStoreQueue _queue;

    public JobStoreQueueSpecs()
        : base("akka.loglevel = ERROR")
    {
        _coordinator = CreateTestProbe();
        _time.TimerSet = wait =>
        {
            _waits.Enqueue(wait);
            _ = Task.Run(() => _time.AdvanceToNextTimer());
        };
        _queue = new JobStoreQueue(_store, _coordinator, _time, isPatient: false);
    }

    [Fact]
    public void Nothing_is_kept_of_a_job_whose_operations_have_ended()
    {
        for (int i = 0; i < 5; i++)
        {
            _queue.Append(new JobId($"job-{i}"), ActiveJobsTests.Spec($"set-{i}"), isCancelled: false, TestActor);
            _queue.Open(new JobEntry(new JobId($"job-{i}"), 1, ActiveJobsTests.Spec($"set-{i}"), IsCancelled: false));
        }

        _store.Gate.SetResult();
        for (int i = 0; i < 10; i++)
        {
            Assert.NotEqual(0, _queue.Jobs);
            _queue.Complete(_coordinator.ExpectMsg<JobStoreResult>().Operation);
        }

        Assert.Equal(0, _queue.Jobs);
    }

    [Fact]
    public void What_was_queued_before_a_job_is_cancelled_fails_and_what_is_queued_later_does_not()
    {
        var entry = new JobEntry(new JobId("job"), 1, ActiveJobsTests.Spec("set"), IsCancelled: false);
        _queue.Open(entry);
        _queue.Cancel(entry.Job);
        _queue.Append(entry.Job, entry.Spec, isCancelled: true, TestActor);

        Assert.IsAssignableFrom<OperationCanceledException>(_coordinator.ExpectMsg<JobStoreFailed>().Failure);
        Assert.True(_coordinator.ExpectMsg<EntryAppended>().Entry.IsCancelled);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void An_operation_is_tried_four_times_five_seconds_apart_while_the_disk_fails(int failures, bool succeeds)
    {
        _store.Gate.SetResult();
        Enumerable.Repeat(new IOException("The disk is slow."), failures).ToList().ForEach(_store.Faults.Enqueue);
        _queue.Open(Entry("set"));

        JobStoreResult result = _coordinator.FishForMessage<JobStoreResult>(message => message is not JobStoreWaits);
        Assert.Equal(succeeds ? null : "The disk is slow.", (result as JobStoreFailed)?.Failure.Message);
        Assert.Equal((4, 3), (_store.Calls, _waits.Count));
        Assert.All(_waits, wait => Assert.Equal(TimeSpan.FromSeconds(5), wait));
    }

    [Fact]
    public void A_cluster_tries_an_operation_until_the_disk_takes_it_and_tells_each_failure()
    {
        var queue = new JobStoreQueue(_store, _coordinator, _time, isPatient: true);
        _store.Gate.SetResult();
        Enumerable.Repeat(new UnauthorizedAccessException("The store is read-only."), 100).ToList().ForEach(_store.Faults.Enqueue);
        queue.Open(Entry("set"));

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal("The store is read-only.", _coordinator.ExpectMsg<JobStoreWaits>().Failure.Message);
        }

        _coordinator.ExpectMsg<DataSetOpened>();
    }

    [Fact]
    public void A_cluster_does_not_wait_for_a_file_that_is_missing()
    {
        var queue = new JobStoreQueue(_store, _coordinator, _time, isPatient: true);
        _store.Gate.SetResult();
        Enumerable.Repeat(new FileNotFoundException("slices/3.jsonl is missing."), 4).ToList().ForEach(_store.Faults.Enqueue);
        queue.Open(Entry("set"));

        Assert.Equal("slices/3.jsonl is missing.", _coordinator.FishForMessage<JobStoreFailed>(_ => true).Failure.Message);
        Assert.Equal(4, _store.Calls);
    }

    [Fact]
    public void A_refusal_is_not_tried_again()
    {
        _store.Gate.SetResult();
        _store.Faults.Enqueue(new JobRefusedException("another list"));
        _queue.Open(Entry("set"));

        Assert.IsType<JobRefusedException>(_coordinator.ExpectMsg<JobStoreFailed>().Failure);
        Assert.Equal((1, 0), (_store.Calls, _waits.Count));
    }

    [Fact]
    public void An_entry_that_the_disk_does_not_take_fails_at_once_for_who_waits_for_it()
    {
        _store.Faults.Enqueue(new IOException("The disk is full."));
        JobEntry entry = Entry("set");
        _queue.Append(entry.Job, entry.Spec, isCancelled: false, TestActor);

        Assert.Equal("The disk is full.", _coordinator.ExpectMsg<JobStoreFailed>().Failure.Message);
        Assert.Equal(TestActor, _coordinator.LastSender);
        Assert.Equal((1, 0), (_store.Calls, _waits.Count));
    }

    [Fact]
    public void An_operation_waits_for_the_jobs_earlier_ones_but_not_for_another_jobs_and_is_queued_once()
    {
        CoordinatedJob job = ActiveJobsTests.Working("set", ActiveJobsTests.Network);
        _queue.Open(job.Entry);
        Assert.True(_queue.RemoveScratch(job, new HashSet<NodeOwner>()));
        Assert.False(_queue.RemoveScratch(job, new HashSet<NodeOwner>()));
        _queue.Append(new JobId("other"), ActiveJobsTests.Spec("other"), isCancelled: false, TestActor);
        _coordinator.ExpectMsg<EntryAppended>();
        Assert.Equal((1, 1, 0), (_store.Opened, _store.Appended, _store.Removed));

        _store.Gate.SetResult();
        _coordinator.ExpectMsg<DataSetOpened>();
        JobStoreOperation removed = _coordinator.ExpectMsg<ScratchRemoved>().Operation;
        Assert.Equal(1, _store.Removed);
        _queue.Complete(removed);
        Assert.True(_queue.RemoveScratch(job, new HashSet<NodeOwner>()));
    }

    [Fact]
    public void Another_round_is_granted_once_by_an_entry_that_asks_for_none()
    {
        _store.Gate.SetResult();
        JobEntry entry = Entry("set");
        _queue.Open(entry);
        Assert.Equal(entry, _coordinator.ExpectMsg<DataSetOpened>().Entry);
        Assert.Equal(0, _store.Appended);

        JobEntry retry = Entry("again") with { Spec = ActiveJobsTests.Spec("again") with { RetryFailed = true } };
        _queue.Open(retry);
        Assert.Equal(ActiveJobsTests.Spec("again"), _coordinator.ExpectMsg<DataSetOpened>().Entry.Spec);
        Assert.Equal(1, _store.Appended);
    }

    private static JobEntry Entry(string name) => new(new JobId(name), 1, ActiveJobsTests.Spec(name), IsCancelled: false);

    /// <summary>Opens a data set when the gate is open, or its opening is cancelled. Operations fail by the next of its faults.</summary>
    private sealed class GatedStore : IJobStore
    {
        private int _opened;
        private int _appended;
        private int _removed;

        public ConcurrentQueue<Exception> Faults { get; } = [];

        public int Opened => Volatile.Read(ref _opened);

        public int Appended => Volatile.Read(ref _appended);

        public int Removed => Volatile.Read(ref _removed);

        public int Calls => Opened + Appended + Removed;

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<StoredJob> Load() => [];

        public JobEntry Append(JobId job, JobSpec spec, bool isCancelled)
        {
            Interlocked.Increment(ref _appended);
            FailOnce();
            return new(job, 1, spec, isCancelled);
        }

        public async Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _opened);
            FailOnce();
            await Gate.Task.WaitAsync(cancellation);
            return new OpenedJob(job, spec, 1, ActiveJobsTests.Parameters(), ActiveJobsTests.Network, [], new Dictionary<string, long>()) { Links = 0 };
        }

        public NetworkParameters FixNetwork(OpenedJob job, NetworkParameters network) => network;

        public DataOwner? NewestOwner(OpenedJob job) => null;

        public SliceSummary? FindSlice(OpenedJob job, SliceId slice) => null;

        public bool IsCommitted(OpenedJob job, int record) => false;

        public IReadOnlyDictionary<(int Round, int Slice), int> RemoveScratchOfOthers(OpenedJob job, IReadOnlySet<NodeOwner> present)
        {
            Interlocked.Increment(ref _removed);
            return job.Losses;
        }

        public void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation)
        {
        }

        private void FailOnce()
        {
            if (Faults.TryDequeue(out Exception? fault))
            {
                throw fault;
            }
        }
    }
}
