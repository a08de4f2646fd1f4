using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>A coordinator among probes, with a store without a disk, in virtual time.</summary>
public abstract class CoordinatorSpecs : TestKit
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();
    private IActorRef? _coordinator;
    private TestProbe? _records;
    private TestProbe? _user;

    protected CoordinatorSpecs() : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"\nakka.loglevel = WARNING")
    {
        Store = new FakeJobStore(_folder.Path);
    }

    private protected FakeJobStore Store { get; }

    /// <summary>Whether jobs wait for a store that cannot be read or written; set before the coordinator begins.</summary>
    protected bool IsPatient { get; set; } = true;

    protected TestProbe Records => _records ??= CreateTestProbe("records");

    protected TestProbe User => _user ??= CreateTestProbe("user");

    protected IActorRef Coordinator => _coordinator ??= Begin();

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    /// <summary>Another coordinator takes over: it knows what it reads, and what nodes report.</summary>
    protected void BeginAnother()
    {
        Watch(Coordinator);
        Sys.Stop(Coordinator);
        ExpectTerminated(Coordinator);
        _coordinator = Begin();
    }

    /// <summary>Time goes by, after all that was sent before has arrived; what happens then has happened afterwards.</summary>
    protected void Pass(TimeSpan time)
    {
        Settle();
        Scheduler.Advance(time);
        Settle();
    }

    /// <summary>Time goes by in seconds until something holds that is done elsewhere.</summary>
    protected void PassUntil(Func<bool> holds) => AwaitCondition(
        () =>
        {
            Pass(TimeSpan.FromSeconds(1));
            return holds();
        },
        RemainingOrDefault,
        Beat);

    protected JobId Submit(string data, JobEnd until = JobEnd.Records)
    {
        Coordinator.Tell(new JobsProtocol.SubmitJob(ActiveJobsTests.Spec(data, until)), User);
        JobId job = User.ExpectMsg<JobsProtocol.JobAccepted>().Job;
        Await(job, status => status.Phase != JobsProtocol.JobPhase.Opening);
        return job;
    }

    private protected void Join(string name, string role, TestProbe probe, string codec = ActiveJobsTests.Codec, params EmbedKey[] networks)
    {
        Coordinator.Tell(ActiveJobsTests.Member(name, role), ActorRefs.NoSender);
        Coordinator.Tell(ActiveJobsTests.Registration(name, role, codec, networks), probe);
        probe.ExpectMsg<JobsProtocol.NodeRegistered>();
    }

    protected void Leave(string name) => Coordinator.Tell(new ClusterMemberGone(ActiveJobsTests.AddressOf(name), 1), ActorRefs.NoSender);

    protected void Ask(string name, TestProbe probe, int room, params FetchProtocol.ActiveSlice[] held) =>
        Coordinator.Tell(ActiveJobsTests.Request(name, room, held), probe);

    protected void Resolve(string name, TestProbe probe, SliceId slice, int survivors)
    {
        Store.Publish(slice, survivors);
        Coordinator.Tell(new FetchProtocol.SliceResolved(slice, new NodeOwner(name), survivors, new Dictionary<string, int> { ["kept"] = survivors }), probe);
        probe.FishForMessage<FetchProtocol.SliceAcknowledged>(noted => noted.Slice == slice);
    }

    /// <summary>Asks until a job is as expected.</summary>
    protected JobsProtocol.JobStatus Await(JobId job, Func<JobsProtocol.JobStatus, bool> isExpected)
    {
        JobsProtocol.JobStatus? status = null;
        AwaitCondition(
            () =>
            {
                Coordinator.Tell(new JobsProtocol.GetJob(job), User);
                status = User.ExpectMsg<JobsProtocol.JobStatus>();
                return isExpected(status);
            },
            RemainingOrDefault,
            Beat,
            $"{status}");
        return status!;
    }

    protected JobsProtocol.NodeStatus Node(string name)
    {
        Coordinator.Tell(new JobsProtocol.GetNodes(), User);
        return User.ExpectMsg<JobsProtocol.NodeList>().Nodes.Single(node => node.Address == $"{name}:1");
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }

    private void Settle()
    {
        Coordinator.Tell(new JobsProtocol.GetJobs(), User);
        User.ExpectMsg<JobsProtocol.JobList>();
    }

    private IActorRef Begin()
    {
        IActorRef records = Records;
        Func<ActorSystem, string, ICanTell> writersOf = (_, _) => records;
        TimeProvider time = new SchedulersTime(Scheduler);
        bool isPatient = IsPatient;
        return Sys.ActorOf(Props.Create(() => new JobCoordinator(Store, writersOf, null, new DownloadOptions(), isPatient, time, NullLogger.Instance)));
    }

    private sealed class SchedulersTime(TestScheduler scheduler) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => scheduler.Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var cancelable = new Cancelable(scheduler.Advanced);
            scheduler.Advanced.ScheduleOnce(dueTime, () => callback(state), cancelable);
            return new OneShot(cancelable);
        }

        private sealed class OneShot(Cancelable cancelable) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

            public void Dispose() => cancelable.Cancel();

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
