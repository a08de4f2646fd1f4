using Akka.TestKit;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>The way of a job through the coordinator.</summary>
public sealed class JobCoordinatorSpecs : CoordinatorSpecs
{
    private static readonly EmbedKey OtherKey = ActiveJobsTests.Key with { Weights = "random:7" };

    private readonly TestProbe _fetch;
    private readonly TestProbe _other;
    private readonly TestProbe _node;

    public JobCoordinatorSpecs()
    {
        _fetch = CreateTestProbe("fetch-a");
        _other = CreateTestProbe("fetch-b");
        _node = CreateTestProbe("node");
    }

    [Fact]
    public void A_job_goes_from_leases_to_records_in_order_to_done()
    {
        JoinAll();
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 3);
        SliceId[] slices = [.. Enumerable.Range(0, 3).Select(_ => _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice)];
        Assert.Equal([0, 1, 2], slices.Select(slice => slice.Slice));

        Resolve("fetch-a", _fetch, slices[2], 500);
        Records.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Resolve("fetch-a", _fetch, slices[0], 400);
        Resolve("fetch-a", _fetch, slices[1], 200);

        WriteProtocol.WriteRecord first = Records.ExpectMsg<WriteProtocol.WriteRecord>();
        Assert.Equal((0, 0, 1, 0, 500), (first.Record.Record, first.FirstSlice, first.LastSlice, first.Offset, first.Count));
        WriteProtocol.WriteRecord second = Records.ExpectMsg<WriteProtocol.WriteRecord>();
        Assert.Equal((1, 1, 2, 100, 500), (second.Record.Record, second.FirstSlice, second.LastSlice, second.Offset, second.Count));
        Records.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Written(second);
        WriteProtocol.WriteRecord third = Records.ExpectMsg<WriteProtocol.WriteRecord>();
        Assert.Equal((2, 100), (third.Record.Record, third.Count));
        Written(third);
        Written(first);

        JobsProtocol.JobStatus done = Await(job, status => status.Phase == JobsProtocol.JobPhase.Done);
        Assert.Equal((3, 1100L, 1100L, 1536L), (done.RecordsWritten, done.Pictures, done.Survivors, done.Links));
        Assert.Contains("close set", Store.Calls);
    }

    [Fact]
    public void An_open_record_is_told_again_every_ten_seconds_and_five_seconds_after_a_failure()
    {
        JoinAll();
        Store.Slices["set"] = 1;
        JobId job = Submit("set");
        WriteProtocol.WriteRecord record = OneRecord(job);
        Pass(TimeSpan.FromSeconds(9));
        Records.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(record, Records.ExpectMsg<WriteProtocol.WriteRecord>());

        for (int failure = 1; failure < RecordAssignment.MaxFailures; failure++)
        {
            Coordinator.Tell(new WriteProtocol.RecordFailed(record.Record, new NodeOwner("write-a"), "the disk is slow", IsFinal: false), _node);
            Await(job, status => status.Phase == JobsProtocol.JobPhase.Working);
            Pass(TimeSpan.FromSeconds(5));
            Assert.Equal(record, Records.ExpectMsg<WriteProtocol.WriteRecord>());
        }

        Coordinator.Tell(new WriteProtocol.RecordFailed(record.Record, new NodeOwner("write-a"), "the disk is slow", IsFinal: false), _node);
        Assert.Equal("the disk is slow", Await(job, status => status.Phase == JobsProtocol.JobPhase.Failed).Note);
        Assert.Equal(record.Record, Records.ExpectMsg<WriteProtocol.AbandonRecord>().Record);
    }

    [Fact]
    public void A_final_failure_of_a_record_is_the_jobs_and_submitting_again_goes_on()
    {
        JoinAll();
        Store.Slices["set"] = 1;
        JobId job = Submit("set");
        WriteProtocol.WriteRecord record = OneRecord(job);
        Coordinator.Tell(new WriteProtocol.RecordFailed(record.Record, new NodeOwner("write-a"), "a file of that name is there", IsFinal: true), _node);
        Await(job, status => status.Phase == JobsProtocol.JobPhase.Failed);
        Records.ExpectMsg<WriteProtocol.AbandonRecord>();

        Assert.Equal(job, Submit("set"));
        WriteProtocol.WriteRecord again = Records.ExpectMsg<WriteProtocol.WriteRecord>();
        Assert.Equal(record.Record, again.Record);
        Assert.True(again.Epoch > record.Epoch);
    }

    [Fact]
    public void Failed_links_are_tried_again_when_the_job_is_not_in_work()
    {
        JoinAll();
        JobId job = Submit("set");
        Coordinator.Tell(new JobsProtocol.RetryFailed(job), User);
        Assert.Contains("is in work", User.ExpectMsg<JobsProtocol.JobRefused>().Reason, StringComparison.Ordinal);
        Coordinator.Tell(new JobsProtocol.RetryFailed(new JobId("none")), User);
        Assert.Contains("there is no job none", User.ExpectMsg<JobsProtocol.JobRefused>().Reason, StringComparison.Ordinal);

        Coordinator.Tell(new JobsProtocol.CancelJob(job), User);
        User.ExpectMsg<JobsProtocol.JobAccepted>();
        Coordinator.Tell(new JobsProtocol.RetryFailed(job), User);
        Assert.Equal(new JobsProtocol.JobAccepted(job, IsNew: false), User.ExpectMsg<JobsProtocol.JobAccepted>());
        Await(job, status => status.Phase == JobsProtocol.JobPhase.Working);

        // When it is open, it is written once more that the round has begun: another coordinator begins no further one.
        Assert.Equal(["append set", "open set", "cancel set", "append set", "open set", "append set"], Store.Calls.Where(call => call.EndsWith(" set", StringComparison.Ordinal)).Take(6));
    }

    [Fact]
    public void A_status_says_which_host_holds_a_job_back()
    {
        JoinAll();
        Store.Slices["set"] = 9;
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 1);
        _fetch.ExpectMsg<FetchProtocol.SliceLeased>();
        Coordinator.Tell(
            new FetchProtocol.ReportHostUsage(job, new NodeOwner("fetch-a"), TimeSpan.Zero, TimeSpan.FromMinutes(5), [new FetchProtocol.HostUsage("a.example:80", 500, 0, 0, 0, 0, null)]), _fetch);
        _fetch.ExpectMsg<FetchProtocol.HostPermitsGranted>();
        Pass(TimeSpan.FromSeconds(1));

        JobsProtocol.JobStatus held = Await(job, status => status.BoundBy == JobsProtocol.JobBound.Hosts);
        Assert.Contains("468 links wait for a.example:80", held.BoundReason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_manifest_in_the_store_is_not_done_whatever_a_message_says()
    {
        JoinAll();
        Store.Slices["set"] = 1;
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 1);
        SliceId slice = _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice;
        Coordinator.Tell(new FetchProtocol.SliceResolved(slice, new NodeOwner("fetch-a"), 512, new Dictionary<string, int> { ["kept"] = 512 }), _fetch);
        _fetch.ExpectNoMsg(TimeSpan.FromMilliseconds(200));
        Assert.Equal((0L, 0L), (Await(job, _ => true).Resolved, Await(job, _ => true).Survivors));

        // The message says 512 and the manifest 10.
        Store.Publish(slice, 10);
        Coordinator.Tell(new FetchProtocol.SliceResolved(slice, new NodeOwner("fetch-a"), 512, new Dictionary<string, int> { ["kept"] = 512 }), _fetch);
        _fetch.ExpectMsg<FetchProtocol.SliceAcknowledged>();
        Assert.Equal(10, Await(job, status => status.Survivors > 0).Survivors);
        WriteProtocol.WriteRecord record = Records.ExpectMsg<WriteProtocol.WriteRecord>();
        Coordinator.Tell(new WriteProtocol.RecordCommitted(record.Record, new NodeOwner("write-a"), record.Count, 0, 1, ""), _node);
        Assert.Equal((JobsProtocol.JobPhase.Working, 0), (Await(job, _ => true).Phase, Await(job, _ => true).RecordsWritten));

        Written(record);
        Await(job, status => status.Phase == JobsProtocol.JobPhase.Done);
    }

    [Fact]
    public void A_slice_without_progress_passes_on_and_its_late_end_changes_nothing()
    {
        JoinAll();
        Join("fetch-b", "fetch", _other);
        Store.Slices["set"] = 1;
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 1);
        SliceId slice = _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice;
        Ask("fetch-b", _other, room: 1);
        for (int i = 0; i < 12; i++)
        {
            Pass(TimeSpan.FromSeconds(5));
            Ask("fetch-a", _fetch, room: 0, new FetchProtocol.ActiveSlice(slice, 1, Progress: 7));
        }

        _other.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(slice, _other.ExpectMsg<FetchProtocol.SliceLeased>().Slice);
        Ask("fetch-a", _fetch, room: 0, new FetchProtocol.ActiveSlice(slice, 1, Progress: 7));
        Assert.Equal(slice, _fetch.ExpectMsg<FetchProtocol.SliceRecalled>().Slice);

        Resolve("fetch-b", _other, slice, 20);
        Coordinator.Tell(new FetchProtocol.SliceResolved(slice, new NodeOwner("fetch-a"), 400, new Dictionary<string, int> { ["kept"] = 400 }), _fetch);
        _fetch.ExpectMsg<FetchProtocol.SliceAcknowledged>();
        Assert.Equal(20, Records.ExpectMsg<WriteProtocol.WriteRecord>().Count);
        JobsProtocol.JobStatus status = Await(job, _ => true);
        Assert.Equal((20L, 20L), (status.Survivors, status.Resolved));
    }

    [Fact]
    public void The_slices_of_a_node_that_is_removed_pass_on_and_those_of_one_that_is_unreachable_do_not()
    {
        JoinAll();
        Join("fetch-b", "fetch", _other);
        Store.Slices["set"] = 1;
        Submit("set");
        Ask("fetch-a", _fetch, room: 1);
        SliceId slice = _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice;
        Ask("fetch-b", _other, room: 1);

        Coordinator.Tell(ActiveJobsTests.Member("fetch-a", "fetch") with { IsReachable = false }, _node);
        Assert.Equal("Unreachable", Node("fetch-a").State);
        _other.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Leave("fetch-a");
        Assert.Equal(slice, _other.ExpectMsg<FetchProtocol.SliceLeased>().Slice);
    }

    [Fact]
    public void What_a_node_found_out_of_a_slice_goes_to_the_next_and_a_slice_that_was_lost_twice_is_handled_with_care()
    {
        Store.Losses[(1, 0)] = 2;
        JoinAll();
        Store.Slices["set"] = 1;
        JobId job = Submit("set");
        AwaitCondition(() => Store.Calls.Contains("remove scratch") || Tick());
        Await(job, _ => true);
        Ask("fetch-a", _fetch, room: 1);
        FetchProtocol.SliceLeased lease = _fetch.ExpectMsg<FetchProtocol.SliceLeased>();
        Assert.True(lease.IsSandboxed);
        FetchProtocol.EndedLink[] ended = [new(4, "timeout", "connect", 3), new(7, "not_found", "404", 1)];
        Join("fetch-b", "fetch", _other);
        Coordinator.Tell(new FetchProtocol.SliceHandedBack(lease.Slice, new NodeOwner("fetch-a"), ended, Fault: null), _fetch);
        Leave("fetch-a");
        Ask("fetch-b", _other, room: 1);
        Assert.Equal(ended, _other.ExpectMsg<FetchProtocol.SliceLeased>().Ended);
    }

    [Fact]
    public void A_new_coordinator_goes_on_with_what_the_store_has_and_live_nodes_hold()
    {
        JoinAll();
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 2);
        SliceId[] slices = [.. Enumerable.Range(0, 2).Select(_ => _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice)];
        Resolve("fetch-a", _fetch, slices[0], 300);

        BeginAnother();
        JoinAll();
        Join("fetch-b", "fetch", _other);
        Ask("fetch-b", _other, room: 3);
        Ask("fetch-a", _fetch, room: 0, new FetchProtocol.ActiveSlice(slices[1], 1, Progress: 40));
        JobsProtocol.JobStatus status = Await(job, status => status.SlicesInWork == 1);
        Assert.Equal(300, status.Survivors);
        for (int i = 0; i < 3; i++)
        {
            Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _other.ExpectMsg<FetchProtocol.SliceLeased>().Slice.Slice);
        Resolve("fetch-a", _fetch, slices[1], 200);
        Assert.Equal(500, Records.ExpectMsg<WriteProtocol.WriteRecord>().Count);
        _other.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        _fetch.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Two_jobs_share_nodes_and_one_that_is_cancelled_releases_them()
    {
        JoinAll();
        JobId one = Submit("one"), two = Submit("two");
        Ask("fetch-a", _fetch, room: 4);
        SliceId[] slices = [.. Enumerable.Range(0, 4).Select(_ => _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice)];
        Assert.Equal([2, 2], slices.CountBy(slice => slice.Job).Select(pair => pair.Value));

        Coordinator.Tell(new JobsProtocol.CancelJob(one), User);
        Assert.Equal(one, User.ExpectMsg<JobsProtocol.JobAccepted>().Job);
        SliceId[] recalled = [_fetch.ExpectMsg<FetchProtocol.SliceRecalled>().Slice, _fetch.ExpectMsg<FetchProtocol.SliceRecalled>().Slice];
        Assert.All(recalled, slice => Assert.Equal(one, slice.Job));
        Assert.Equal(JobsProtocol.JobPhase.Cancelled, Await(one, _ => true).Phase);
        Assert.Equal(JobsProtocol.JobPhase.Working, Await(two, _ => true).Phase);

        Ask("fetch-a", _fetch, room: 1, [.. slices.Select(slice => new FetchProtocol.ActiveSlice(slice, 1, 1))]);
        Assert.Equal(two, _fetch.FishForMessage<FetchProtocol.SliceLeased>(_ => true).Slice.Job);
        Assert.Equal(one, Submit("one"));
        Assert.Equal(JobsProtocol.JobPhase.Working, Await(one, _ => true).Phase);
    }

    [Fact]
    public void Submitting_twice_is_one_job()
    {
        Coordinator.Tell(new JobsProtocol.SubmitJob(ActiveJobsTests.Spec("sets/birds")), User);
        Coordinator.Tell(new JobsProtocol.SubmitJob(ActiveJobsTests.Spec("./sets/birds/")), User);
        JobsProtocol.JobAccepted first = User.ExpectMsg<JobsProtocol.JobAccepted>(), second = User.ExpectMsg<JobsProtocol.JobAccepted>();
        Assert.Equal((true, false), (first.IsNew, second.IsNew));
        Assert.Equal(first.Job, second.Job);
        Coordinator.Tell(new JobsProtocol.GetJobs(), User);
        Assert.Single(User.ExpectMsg<JobsProtocol.JobList>().Jobs);
        Assert.Single(Store.Calls, call => call == "append sets/birds");

        Coordinator.Tell(new JobsProtocol.SubmitJob(ActiveJobsTests.Spec("sets/birds", JobEnd.Download)), User);
        Assert.Contains("with other options", User.ExpectMsg<JobsProtocol.JobRefused>().Reason);
    }

    [Fact]
    public void A_node_with_another_JPEG_library_gets_no_work_and_says_why()
    {
        Join("fetch-a", "fetch", _node, codec: "another-codec");
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 5);
        Assert.Contains("waiting for fetch nodes", Await(job, _ => true).Note);
        Assert.Contains("JPEG library", Node("fetch-a").Note);
        _fetch.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_job_whose_network_nobody_has_goes_on_fetching_and_says_what_it_waits_for()
    {
        Join("fetch-a", "fetch", _node);
        Join("write-a", "write", _node);
        Join("embed-a", "embed", _node, ActiveJobsTests.Codec, OtherKey);
        Store.Slices["set"] = 1;
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 1);
        Resolve("fetch-a", _fetch, _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice, 10);
        Assert.Contains("waiting for embedders with key simulated", Await(job, _ => true).Note);
        Assert.Contains("random:7", Node("embed-a").Note);
        Records.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Join("embed-b", "embed", _node, ActiveJobsTests.Codec, ActiveJobsTests.Key);
        Assert.Equal(10, Records.ExpectMsg<WriteProtocol.WriteRecord>().Count);
        Assert.Null(Await(job, _ => true).Note);
    }

    [Fact]
    public void A_job_without_a_network_takes_that_of_the_first_embedder()
    {
        Store.Network = null;
        Store.Slices["set"] = 1;
        Join("write-a", "write", _node);
        Join("fetch-a", "fetch", _node);
        Coordinator.Tell(new JobsProtocol.SubmitJob(ActiveJobsTests.Spec("set") with { PicturesPerRecord = 4 }), User);
        JobId job = User.ExpectMsg<JobsProtocol.JobAccepted>().Job;
        Await(job, status => status.Phase == JobsProtocol.JobPhase.Working);
        Ask("fetch-a", _fetch, room: 1);
        Resolve("fetch-a", _fetch, _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice, 5);
        Records.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Join("embed-a", "embed", _node, ActiveJobsTests.Codec, OtherKey);
        Assert.Equal(4, Records.ExpectMsg<WriteProtocol.WriteRecord>().Count);
        Assert.Contains("fix random:7 4", Store.Calls);
    }

    [Fact]
    public void A_fault_of_the_store_is_waited_for()
    {
        JoinAll();
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 1);
        SliceId slice = _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice;
        Coordinator.Tell(new FetchProtocol.SliceHandedBack(slice, new NodeOwner("fetch-a"), [], "the disk is full"), _fetch);
        Assert.Equal(
            "waiting for the store, and continues by itself: the disk is full",
            Await(job, status => status.Note is not null).Note);

        // Ten minutes later it is still there, the slice is leased again, and nothing is said when it works.
        for (int i = 0; i < 20; i++)
        {
            Pass(TimeSpan.FromSeconds(31));
            Ask("fetch-a", _fetch, room: 1);
            Assert.Equal(slice, _fetch.FishForMessage<FetchProtocol.SliceLeased>(_ => true).Slice);
            Coordinator.Tell(new FetchProtocol.SliceHandedBack(slice, new NodeOwner("fetch-a"), [], "the disk is full"), _fetch);
        }

        Assert.Equal(JobsProtocol.JobPhase.Working, Await(job, _ => true).Phase);
        Pass(TimeSpan.FromSeconds(61));
        Assert.Null(Await(job, status => status.Note?.Contains("store", StringComparison.Ordinal) != true).Note);
    }

    [Fact]
    public void A_record_that_the_stores_faults_keep_from_being_written_is_tried_until_it_is()
    {
        JoinAll();
        Store.Slices["set"] = 1;
        JobId job = Submit("set");
        WriteProtocol.WriteRecord record = OneRecord(job);
        for (int failure = 0; failure < 3 * RecordAssignment.MaxFailures; failure++)
        {
            Coordinator.Tell(
                new WriteProtocol.RecordFailed(record.Record, new NodeOwner("write-a"), "the disk is full", IsFinal: false) { IsStoreFault = true }, _node);
            Pass(TimeSpan.FromSeconds(5));
            Assert.Equal(record, Records.ExpectMsg<WriteProtocol.WriteRecord>());
        }

        Assert.Equal("waiting for the store, and continues by itself: the disk is full", Await(job, _ => true).Note);
    }

    [Fact]
    public void A_data_set_that_cannot_be_opened_now_is_opened_when_it_can_be()
    {
        Store.OpenFails = new IOException("Read-only file system");
        Coordinator.Tell(new JobsProtocol.SubmitJob(ActiveJobsTests.Spec("set", JobEnd.Records)), User);
        JobId job = User.ExpectMsg<JobsProtocol.JobAccepted>().Job;
        JobsProtocol.JobStatus status = Await(job, status => status.Note is not null);
        Assert.Equal(
            (JobsProtocol.JobPhase.Opening, "waiting for the store, and continues by itself: Read-only file system."), (status.Phase, status.Note));

        // Longer than a store's operation is repeated in a run of one process.
        for (int i = 0; i < 20; i++)
        {
            Store.Calls.Clear();
            PassUntil(() => Store.Calls.Contains("open set"));
        }

        Store.OpenFails = null;
        PassUntil(() => Await(job, _ => true).Phase == JobsProtocol.JobPhase.Working);
        Assert.DoesNotContain("store", Await(job, _ => true).Note ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_the_only_node_is_the_jobs_in_a_run_of_one_process()
    {
        IsPatient = false;
        JoinAll();
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 1);
        SliceId slice = _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice;
        Coordinator.Tell(new FetchProtocol.SliceHandedBack(slice, new NodeOwner("fetch-a"), [], "the disk is full"), _fetch);
        Assert.Equal("the disk is full", Await(job, status => status.Phase == JobsProtocol.JobPhase.Failed).Note);
    }

    [Fact]
    public void A_job_that_cannot_be_opened_says_why()
    {
        Store.Refuses = _ => "the list cannot be read";
        Assert.Equal("the list cannot be read", Await(Submit("set"), status => status.Phase == JobsProtocol.JobPhase.Failed).Note);
    }

    [Fact]
    public void A_job_that_a_run_took_over_ends_here()
    {
        JobId job = Submit("set");
        Store.Foreign = new DataOwner(99, DataOwnerKind.Run, "laptop", "koala run on a laptop");
        Pass(TimeSpan.FromSeconds(10));
        Assert.Contains("a run has taken over its data set (koala run on a laptop)", Await(job, status => status.Phase == JobsProtocol.JobPhase.Failed).Note);
    }

    [Fact]
    public void A_job_that_another_coordinator_had_meanwhile_is_opened_again_in_the_next_epoch()
    {
        JoinAll();
        JobId job = Submit("set");
        Ask("fetch-a", _fetch, room: 1);
        FetchProtocol.SliceLeased before = _fetch.ExpectMsg<FetchProtocol.SliceLeased>();
        Store.Foreign = new DataOwner(99, DataOwnerKind.Cluster, "control-b", $"job {job}");
        Store.Calls.Clear();

        // One look may be too early: this process may have been stopped, and will soon know that it is not the coordinator any more.
        Pass(TimeSpan.FromSeconds(10));
        PassUntil(() => Store.Calls.Contains("epoch"));
        Assert.DoesNotContain("open set", Store.Calls);
        Pass(TimeSpan.FromSeconds(10));
        PassUntil(() => Store.Calls.Contains("open set"));
        Store.Foreign = null;
        PassUntil(() => Await(job, _ => true).Phase == JobsProtocol.JobPhase.Working);

        // The node reports what it holds; what is leased next is of the new epoch.
        Ask("fetch-a", _fetch, room: 1, new FetchProtocol.ActiveSlice(before.Slice, 1, Progress: 7));
        Pass(TimeSpan.FromSeconds(10));
        Ask("fetch-a", _fetch, room: 1, new FetchProtocol.ActiveSlice(before.Slice, 1, Progress: 8));
        FetchProtocol.SliceLeased after = _fetch.FishForMessage<FetchProtocol.SliceLeased>(lease => lease.Slice != before.Slice);
        Assert.True(after.Epoch > 99);
    }

    [Fact]
    public void A_job_that_another_cluster_takes_over_again_and_again_ends_here()
    {
        JobId job = Submit("set");
        for (int i = 1; i <= 13; i++)
        {
            Store.Calls.Clear();
            Store.Foreign = new DataOwner(100 * i, DataOwnerKind.Cluster, "control-b", $"job {job}");
            PassUntil(() => Store.Calls.Contains("open set") || Await(job, _ => true).Phase == JobsProtocol.JobPhase.Failed);
            Assert.Equal(i <= 12, Await(job, status => status.Phase != JobsProtocol.JobPhase.Opening).Phase == JobsProtocol.JobPhase.Working);
        }

        Assert.Contains("another cluster works on its data set (control-b)", Await(job, _ => true).Note);
    }

    [Fact]
    public void A_job_that_was_cancelled_by_another_coordinator_is_cancelled()
    {
        JobId job = Submit("set");
        Store.Foreign = new DataOwner(99, DataOwnerKind.None, "control-b", "cancelled");
        Pass(TimeSpan.FromSeconds(10));
        Await(job, status => status.Phase == JobsProtocol.JobPhase.Cancelled);
    }

    [Fact]
    public void A_done_job_is_not_opened_again()
    {
        Store.Append(JobId.Of("set"), ActiveJobsTests.Spec("set"), isCancelled: false);
        Store.Done.Add(JobId.Of("set"));
        JobsProtocol.JobStatus status = Await(JobId.Of("set"), _ => true);
        Assert.Equal((JobsProtocol.JobPhase.Done, 90L, 100L), (status.Phase, status.Survivors, status.Links));
        Assert.DoesNotContain("open set", Store.Calls);
    }

    [Fact]
    public void Scratch_spaces_are_removed_only_when_every_member_has_registered()
    {
        Join("fetch-a", "fetch", _node);
        Coordinator.Tell(ActiveJobsTests.Member("fetch-b", "fetch"), _node);
        JobId job = Submit("set");
        Pass(TimeSpan.FromSeconds(1));
        Await(job, _ => true);
        Assert.DoesNotContain("remove scratch", Store.Calls);

        Leave("fetch-b");
        AwaitCondition(() => Store.Calls.Contains("remove scratch"));
        Assert.Equal([new NodeOwner("fetch-a")], Store.Present);
    }

    [Fact]
    public void A_node_is_told_to_leave()
    {
        Join("fetch-a", "fetch", _node);
        Coordinator.Tell(new JobsProtocol.DrainNode("fetch-a:1"), User);
        User.ExpectMsg<JobsProtocol.DrainAccepted>();
        _node.ExpectMsg<JobsProtocol.Leave>();
        Coordinator.Tell(new JobsProtocol.DrainNode("missing:1"), User);
        Assert.Contains("no node missing:1", User.ExpectMsg<JobsProtocol.JobRefused>().Reason);
    }

    private bool Tick()
    {
        Pass(TimeSpan.FromSeconds(1));
        return false;
    }

    private void JoinAll()
    {
        Join("fetch-a", "fetch", _node);
        Join("write-a", "write", _node);
        Join("embed-a", "embed", _node, ActiveJobsTests.Codec, ActiveJobsTests.Key);
    }

    private WriteProtocol.WriteRecord OneRecord(JobId job)
    {
        Ask("fetch-a", _fetch, room: 1);
        Resolve("fetch-a", _fetch, _fetch.ExpectMsg<FetchProtocol.SliceLeased>().Slice, 10);
        WriteProtocol.WriteRecord record = Records.ExpectMsg<WriteProtocol.WriteRecord>();
        Assert.Equal(job, record.Record.Job);
        return record;
    }

    private void Written(WriteProtocol.WriteRecord record)
    {
        Store.Committed[record.Record] = true;
        Coordinator.Tell(new WriteProtocol.RecordCommitted(record.Record, new NodeOwner("write-a"), record.Count, 0, 1, ""), _node);
    }
}
