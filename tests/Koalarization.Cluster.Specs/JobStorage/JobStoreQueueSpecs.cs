using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Specs.Coordination;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.JobStorage;

public sealed class JobStoreQueueSpecs : TestKit
{
    private readonly GatedStore _store = new();
    private readonly TestProbe _coordinator;
    private readonly JobStoreQueue _queue;

    public JobStoreQueueSpecs()
        : base("akka.loglevel = ERROR")
    {
        _coordinator = CreateTestProbe();
        _queue = new JobStoreQueue(_store, _coordinator, TimeProvider.System, isPatient: true);
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

    /// <summary>Opens a data set when the throttle opens, or its opening is cancelled.</summary>
    private sealed class GatedStore : IJobStore
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<StoredJob> Load() => [];

        public JobEntry Append(JobId job, JobSpec spec, bool isCancelled) => new(job, 1, spec, isCancelled);

        public async Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, CancellationToken cancellation)
        {
            await Gate.Task.WaitAsync(cancellation);
            return new OpenedJob(job, spec, 1, ActiveJobsTests.Parameters(), ActiveJobsTests.Network, [], new Dictionary<string, long>()) { Links = 0 };
        }

        public NetworkParameters FixNetwork(OpenedJob job, NetworkParameters network) => network;

        public DataOwner? NewestOwner(OpenedJob job) => null;

        public IReadOnlyDictionary<(int Round, int Slice), int> RemoveScratchOfOthers(OpenedJob job, IReadOnlySet<NodeOwner> present) => job.Losses;

        public void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation)
        {
        }
    }
}
