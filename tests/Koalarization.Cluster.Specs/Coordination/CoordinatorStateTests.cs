using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>Which node gets what, and when it passes on.</summary>
public sealed class CoordinatorStateTests
{
    [Theory]
    [InlineData("sets/birds/original", "is inside the data set sets/birds")]
    [InlineData("sets", "is inside sets")]
    [InlineData("../x", "cannot be a data set's folder")]
    [InlineData("sets/.koala", "cannot be a data set's folder")]
    [InlineData("sets/birds2", null)]
    [InlineData("sets/birds", null)]
    public void A_data_set_is_in_no_other_one(string data, string? refusal)
    {
        CoordinatorState state = CoordinatorState.Empty.With(new CoordinatedJob(new JobEntry(JobId.Of("sets/birds"), 1, ActiveJobsTests.Spec("sets/birds"), IsCancelled: false), JobsProtocol.JobPhase.Done));

        IWireMessage? reply = state.ReplyToSubmit(JobId.Of(data), ActiveJobsTests.Spec(data));

        Assert.Equal(refusal is null, reply is null);
        Assert.True(refusal is null || ((JobsProtocol.JobRefused)reply!).Reason.Contains(refusal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CoordinatorState.MaxLive, JobsProtocol.JobPhase.Opening, "are in work already")]
    [InlineData(CoordinatorState.MaxLive, JobsProtocol.JobPhase.Done, null)]
    [InlineData(CoordinatorState.MaxJobs, JobsProtocol.JobPhase.Done, "10,000 jobs already")]
    public void There_is_a_limit_to_the_number_of_jobs(int number, JobsProtocol.JobPhase phase, string? refusal)
    {
        CoordinatorState state = CoordinatorState.Empty.With([.. Enumerable.Range(0, number).Select(i => new CoordinatedJob(new JobEntry(new JobId($"job-{i}"), 1, ActiveJobsTests.Spec($"set-{i}"), IsCancelled: false), phase))]);

        IWireMessage? reply = state.ReplyToSubmit(JobId.Of("new"), ActiveJobsTests.Spec("new"));

        Assert.Equal(refusal, reply is JobsProtocol.JobRefused refused && refusal is not null && refused.Reason.Contains(refusal, StringComparison.Ordinal) ? refusal : (reply as JobsProtocol.JobRefused)?.Reason);
    }

    private static readonly TimeSpan Start = ActiveJobsTests.Start;

    [Fact]
    public void A_node_that_could_take_all_slices_leaves_others_their_share()
    {
        CoordinatorState state = State(slices: 6, "a", "b");
        SchedulingDecision first = Asked(state, "a", room: 10).Schedule(Start);
        Assert.Equal(["a", "a", "a"], Holders(first));

        SchedulingDecision second = Asked(first.State, "b", room: 10).Schedule(Start);
        Assert.Equal(["b", "b", "b"], Holders(second));
    }

    [Fact]
    public void The_last_slice_goes_to_who_asks_although_another_never_does()
    {
        CoordinatorState state = Asked(State(slices: 1, "a", "silent"), "a", room: 1);
        Assert.Equal(["a"], Holders(state.Schedule(Start)));
    }

    [Fact]
    public void The_node_with_the_fewest_slices_is_next()
    {
        CoordinatorState state = Asked(State(slices: 100, "a", "b"), "a", room: 2).Schedule(Start).State;
        state = Asked(Asked(state, "a", room: 2, held: [0, 1]), "b", room: 2);
        Assert.Equal(["b", "b", "a", "a"], Holders(state.Schedule(Start)));
    }

    [Fact]
    public void What_is_on_its_way_to_a_node_takes_of_its_room()
    {
        CoordinatorState state = Asked(State(slices: 9, "a"), "a", room: 2).Schedule(Start).State;

        // Written before the two leases arrived.
        Assert.Empty(Asked(state, "a", room: 2).Schedule(Start).Leases);
        Assert.Equal(2, Asked(state, "a", room: 2, held: [0, 1]).Schedule(Start).Leases.Count);
    }

    [Fact]
    public void A_lease_that_a_node_never_names_is_sent_again_and_then_passes_on()
    {
        CoordinatorState state = Asked(State(slices: 1, "a", "b"), "a", room: 1).Schedule(Start).State;
        (state, ReportReply reply) = state.WithReport(ActiveJobsTests.Request("a", 1), Start + SliceLease.ResendAfter);
        Assert.Equal(0, Assert.Single(reply.Resent).Slice.Slice);

        state = Asked(state, "b", room: 1);
        (state, reply) = state.WithReport(ActiveJobsTests.Request("a", 0), Start + SliceLease.UnnamedTimeout);
        Assert.Empty(reply.Resent);
        Assert.Equal(["b"], Holders(state.Schedule(Start + SliceLease.UnnamedTimeout)));
    }

    [Fact]
    public void The_lowest_slice_is_leased_once_more_when_it_holds_back_more_than_two_records()
    {
        CoordinatorState state = Asked(State(slices: 4, "a", "b"), "a", room: 1).Schedule(Start).State;
        state = Resolved(state, (1, 500), (2, 400));
        state = Asked(state, "b", room: 3).Schedule(Start).State;
        Assert.Equal([3], SlicesOf(state, "b"));

        state = Resolved(state, (3, 101));
        SchedulingDecision doubled = Asked(state, "b", room: 1).Schedule(Start);
        Assert.Equal(0, Assert.Single(doubled.Leases).Lease.Slice.Slice);

        // Once: a later caller gets nothing.
        Assert.Empty(Asked(doubled.State.WithNode("c", "fetch"), "c", room: 1).Schedule(Start).Leases);
        CoordinatorState alone = doubled.State.With(JobId.Of("set"), ledger => ledger.WithHandedBack(new SliceId(JobId.Of("set"), 1, 0), new NodeOwner("a"), [], null, Start));
        Assert.Empty(Asked(alone.WithNode("c", "fetch"), "c", room: 1).Schedule(Start).Leases);
        Assert.Empty(Resolved(doubled.State, (0, 1)).Find(JobId.Of("set"))!.Ledger!.Leases.All);
    }

    [Fact]
    public void The_lowest_slice_is_leased_once_more_when_embedders_idle_and_a_record_waits_for_it()
    {
        CoordinatorState state = Asked(State(slices: 2, "a", "b"), "a", room: 1).Schedule(Start).State;
        state = Resolved(state, (1, 500));
        Assert.Empty(Asked(state, "b", room: 1).Schedule(Start).Leases);

        state = state.WithNode("w", "write").WithNode("e", "embed", ActiveJobsTests.Codec, ActiveJobsTests.Key);
        Assert.Equal(["b"], Holders(Asked(state, "b", room: 1).Schedule(Start)));
    }

    [Fact]
    public void A_slice_that_an_earlier_coordinator_gave_to_one_and_this_one_to_another_may_be_both_theirs()
    {
        CoordinatorState state = Asked(State(slices: 1, "a", "b", "c"), "a", room: 1).Schedule(Start).State;
        (state, ReportReply reply) = state.WithReport(ActiveJobsTests.Request("b", 0, Held(0, progress: 90)), Start);
        Assert.Empty(reply.Recalled);
        (_, reply) = state.WithReport(ActiveJobsTests.Request("c", 0, Held(0, progress: 10)), Start);
        Assert.Equal([0], reply.Recalled.Select(slice => slice.Slice));
    }

    [Fact]
    public void A_slice_that_passed_on_is_a_nodes_again_only_when_it_moves()
    {
        CoordinatorState state = Asked(State(slices: 1, "a"), "a", room: 1).Schedule(Start).State;
        (state, _) = state.WithReport(ActiveJobsTests.Request("a", 0, Held(0, progress: 5)), Start);
        TimeSpan late = Start + SliceLease.ProgressTimeout;
        state = state.At(late);
        Assert.Empty(SlicesOf(state, "a"));

        (state, ReportReply still) = state.WithReport(ActiveJobsTests.Request("a", 1, Held(0, progress: 5)), late);
        Assert.Single(still.Recalled);
        (state, ReportReply moves) = state.WithReport(ActiveJobsTests.Request("a", 0, Held(0, progress: 6)), late);
        Assert.Empty(moves.Recalled);
        Assert.Equal([0], SlicesOf(state, "a"));
    }

    [Fact]
    public void A_node_with_a_fault_pauses_and_a_run_fails_when_all_nodes_had_one_within_a_minute()
    {
        CoordinatorState state = Asked(State(slices: 4, "a", "b"), "a", room: 1).Schedule(Start).State;
        state = HandedBack(state, 0, "a", "the disk is full", Start).At(Start);
        state = Asked(state, "a", room: 1);
        Assert.Empty(state.Schedule(Start + NodeFaults.Pause - TimeSpan.FromSeconds(1)).Leases);
        Assert.NotEmpty(state.Schedule(Start + NodeFaults.Pause).Leases);

        CoordinatorState later = HandedBack(state, 1, "b", "the disk is gone", Start + NodeFaults.Window).At(Start + NodeFaults.Window);
        Assert.Equal(JobsProtocol.JobPhase.Working, later.Find(JobId.Of("set"))!.Phase);
        CoordinatedJob failed = (HandedBack(state, 1, "b", "the disk is gone", Start + TimeSpan.FromSeconds(59)) with { IsPatient = false })
            .At(Start + TimeSpan.FromSeconds(59)).Find(JobId.Of("set"))!;
        Assert.Equal((JobsProtocol.JobPhase.Failed, "the disk is gone"), (failed.Phase, failed.Failure));
    }

    [Fact]
    public void Two_records_for_each_writer_are_shared_among_jobs_whose_network_is_available()
    {
        CoordinatorState state = State(slices: 1).With(ActiveJobsTests.Working("other", ActiveJobsTests.Network, Round(1)))
            .With(ActiveJobsTests.Working("keyless", ActiveJobsTests.Network with { Weights = "random:1" }, Round(1)))
            .WithNode("w", "write").WithNode("v", "write").WithNode("e", "embed", ActiveJobsTests.Codec, ActiveJobsTests.Key);
        foreach (string data in (string[])["set", "other", "keyless"])
        {
            state = state.With(JobId.Of(data), ledger => ledger.WithResolved(new SliceId(JobId.Of(data), 1, 0), 5000, []));
        }

        Assert.Equal([("other", 0), ("other", 1), ("set", 0), ("set", 1)], state.Schedule(Start).Records.Select(record => (record.Data, record.Record.Record)).Order());
    }

    [Fact]
    public void Rounds_are_divided_again_when_records_turn_out_to_have_another_size()
    {
        CoordinatedJob job = ActiveJobsTests.Working("set", null, Round(1).WithResolved(0, 10), RoundLedger.Begin(2, 1, 1, 500).WithResolved(0, 5));
        job = job.WithNetwork(ActiveJobsTests.Network with { PicturesPerRecord = 4 });
        Assert.Equal([(0, 3), (3, 2)], job.Ledger!.Rounds.Select(round => (round.FirstRecord, round.Composable)));
    }

    [Fact]
    public void Of_a_job_that_ended_only_its_figures_are_kept()
    {
        CoordinatorState state = Resolved(State(slices: 2, "a"), (0, 500));
        JobStoreOperation operation = new(JobStoreOperationKind.Close, JobId.Of("set"), Number: 1);
        CoordinatedJob ended = state.WithResult(new JobStoreFailed(operation, new IOException("the disk is full")), Start).Find(JobId.Of("set"))!;
        Assert.Null(ended.Opened);
        Assert.Null(ended.Ledger);
        JobsProtocol.JobStatus status = JobStatusProjection.StatusOf(state, ended);
        Assert.Equal((JobsProtocol.JobPhase.Failed, "the disk is full.", 500L, 1, 1), (status.Phase, status.Note, status.Survivors, status.RecordsReady, status.Round));
    }

    [Fact]
    public void A_result_for_an_earlier_entry_of_a_job_changes_nothing()
    {
        CoordinatorState state = State(slices: 1, "a");
        JobStoreOperation earlier = new(JobStoreOperationKind.Close, JobId.Of("set"), Number: 0);
        Assert.Same(state, state.WithResult(new DataSetClosed(earlier), Start));
    }

    [Fact]
    public void A_result_of_a_data_set_that_is_being_opened_again_changes_nothing()
    {
        CoordinatorState state = State(slices: 1, "a");
        JobStoreOperation of(JobStoreOperationKind kind) => new(kind, JobId.Of("set"), Number: 1);
        var later = new EpochRead(of(JobStoreOperationKind.ReadEpoch), new DataOwner(99, DataOwnerKind.Cluster, "control-b", "job"));
        state = state.WithResult(later, Start).WithResult(later, Start);
        Assert.Equal(JobsProtocol.JobPhase.Opening, state.Find(JobId.Of("set"))!.Phase);

        JobStoreResult[] results =
        [
            new ScratchRemoved(of(JobStoreOperationKind.RemoveScratch), new Dictionary<(int, int), int>()),
            new NetworkFixed(of(JobStoreOperationKind.FixNetwork), ActiveJobsTests.Network),
            new DataSetClosed(of(JobStoreOperationKind.Close)),
            new JobStoreFailed(of(JobStoreOperationKind.Close), new InvalidDataException("a round is missing")),
            later,
        ];
        Assert.All(results, result => Assert.Same(state, state.WithResult(result, Start)));
    }

    [Theory]
    [InlineData("sets/My Birds", "my-birds-")]
    [InlineData(".", "data-")]
    [InlineData("sets/Пёс", "data-")]
    public void A_jobs_id_is_made_of_its_folder(string data, string begins)
    {
        Assert.StartsWith(begins, JobId.Of(data).Value);
        Assert.Equal(JobId.Of(data), JobId.Of($"./{data}/"));
        Assert.NotEqual(JobId.Of(data), JobId.Of($"x/{data}"));
    }

    [Fact]
    public void A_node_whose_store_is_another_folder_gets_no_work_and_says_so()
    {
        CoordinatorState state = CoordinatorState.Empty with { Nodes = NodeRegistry.Empty with { Store = "mark" } };
        foreach ((string name, string? mark) in new[] { ("here", "mark"), ("elsewhere", "other"), ("old", null) })
        {
            state = state with { Nodes = state.Nodes.With(ActiveJobsTests.Member(name, "fetch")).With(ActiveJobsTests.Registration(name, "fetch") with { Store = mark }, Start) };
        }

        state = state.With(ActiveJobsTests.Working("set", ActiveJobsTests.Network, Round(3)));
        SchedulingDecision decision = Asked(Asked(Asked(state, "elsewhere", room: 3), "here", room: 3), "old", room: 3).Schedule(Start);

        Assert.Equal(["here", "old"], Holders(decision).Distinct().Order(StringComparer.Ordinal));
        string? note = Status("elsewhere").Note;
        Assert.Contains("--store is another folder", note, StringComparison.Ordinal);
        Assert.InRange(note!.Length, 1, JobsProtocol.NodeStatus.MaxNoteBytes);
        Assert.Null(Status("here").Note);
        Assert.Null(Status("old").Note);

        JobsProtocol.NodeStatus Status(string node) => JobStatusProjection.NodesOf(state, Start).Nodes.Single(status => status.Owner == node);
    }

    [Fact]
    public void A_nodes_status_has_what_it_said_of_itself_and_its_last_fault_until_its_process_is_gone()
    {
        JobsProtocol.RegisterNode node = ActiveJobsTests.Registration("a", "fetch") with { Version = "0.2.0", Device = "cpu", Rates = new(3, null, null) };
        NodeRegistry nodes = NodeRegistry.Empty.With(ActiveJobsTests.Member("a", "fetch")).With(node, Start)
            .WithError(node.Owner, "the first.", Start).WithError(node.Owner, "the disk is full.", Start + TimeSpan.FromSeconds(5));
        CoordinatorState state = CoordinatorState.Empty with { Nodes = nodes };

        JobsProtocol.NodeStatus status = JobStatusProjection.NodesOf(state, Start + TimeSpan.FromSeconds(30)).Nodes.Single();
        Assert.Equal(("0.2.0", "cpu", 3, null, "the disk is full.", 25), (status.Version, status.Device, status.LinksPerSecond, status.WrittenPerSecond, status.LastError, status.LastErrorAgeSeconds));

        ClusterMember member = ActiveJobsTests.Member("a", "fetch");
        Assert.Null(nodes.Without(new ClusterMemberGone(member.Address, member.Uid)).ErrorOf(node.Owner));
    }

    [Theory]
    [InlineData(null, "old forbids new", null, null)]
    [InlineData(false, "forbids new", "version does not know the job's options", null)]
    [InlineData(true, "new", "version does not know the job's options", "started with --forbid-private")]
    public void A_node_that_cannot_serve_a_job_gets_none_of_its_slices_and_says_why(bool? allowPrivate, string holders, string? oldNote, string? forbiddingNote)
    {
        FetchRules? asked = allowPrivate is null ? null : new FetchRules { AllowPrivate = allowPrivate };
        CoordinatedJob job = ActiveJobsTests.Working("set", ActiveJobsTests.Network, Round(3));
        job = job with { Entry = job.Entry with { Spec = job.Entry.Spec with { Fetch = asked } } };
        CoordinatorState state = CoordinatorState.Empty.With(job)
            .WithFetchNode("old").WithFetchNode("forbids", NodeFeatures.FetchRules).WithFetchNode("new", NodeFeatures.FetchRules, NodeFeatures.PrivateAddresses);

        SchedulingDecision decision = Asked(Asked(Asked(state, "old", room: 3), "forbids", room: 3), "new", room: 3).Schedule(Start);

        Assert.Equal(holders.Split(' ').ToHashSet(), Holders(decision).ToHashSet());
        Assert.Equal(3, decision.Leases.Count);
        Assert.All(decision.Leases, lease => Assert.Equal(asked?.Completed(), lease.Lease.Fetch));
        AssertNote(oldNote, NoteOf("old"));
        AssertNote(forbiddingNote, NoteOf("forbids"));
        Assert.Null(NoteOf("new"));

        string? NoteOf(string node) => JobStatusProjection.NodesOf(state, Start).Nodes.Single(status => status.Owner == node).Note;

        static void AssertNote(string? part, string? note)
        {
            Assert.Equal(part is null, note is null);
            Assert.Contains(part ?? "", note ?? "", StringComparison.Ordinal);
            Assert.InRange(note?.Length ?? 0, 0, JobsProtocol.NodeStatus.MaxNoteBytes);
        }
    }

    [Fact]
    public void A_round_is_fetched_by_the_rules_that_it_was_begun_with_whatever_the_job_asks_for_now()
    {
        FetchRules begun = new FetchRules { Timeout = 7 }.Completed();
        CoordinatedJob job = ActiveJobsTests.Working("set", ActiveJobsTests.Network, Round(1));
        job = job with
        {
            Entry = job.Entry with { Spec = job.Entry.Spec with { Fetch = new FetchRules { Timeout = 60 } } },
            Opened = job.Opened! with { Rounds = [job.Opened.Rounds[0] with { Fetch = begun }] },
        };

        Assert.Equal(begun, job.LeaseOf(new SliceId(job.Id, 1, 0)).Fetch);
        Assert.Equal(TimeSpan.FromSeconds(7), job.TryTimeout);
    }

    [Fact]
    public void A_job_that_no_node_can_serve_says_what_it_waits_for()
    {
        CoordinatedJob job = ActiveJobsTests.Working("set", ActiveJobsTests.Network, Round(1));
        job = job with { Entry = job.Entry with { Spec = job.Entry.Spec with { Fetch = new FetchRules { AllowPrivate = true } } } };
        CoordinatorState state = CoordinatorState.Empty.With(job).WithFetchNode("forbids", NodeFeatures.FetchRules);

        Assert.Contains("serve the job's options", JobStatusProjection.StatusOf(state, job).Note, StringComparison.Ordinal);
        state = state.WithFetchNode("new", NodeFeatures.FetchRules, NodeFeatures.PrivateAddresses);
        Assert.DoesNotContain("fetch nodes", JobStatusProjection.StatusOf(state, job).Note, StringComparison.Ordinal);
    }

    private static CoordinatorState State(int slices, params string[] fetchers) =>
        fetchers.Aggregate(CoordinatorState.Empty.With(ActiveJobsTests.Working("set", ActiveJobsTests.Network, Round(slices))), (state, name) => state.WithNode(name, "fetch"));

    private static RoundLedger Round(int slices) => RoundLedger.Begin(1, slices, 0, 500);

    private static CoordinatorState Asked(CoordinatorState state, string name, int room, params int[] held) =>
        state.WithReport(ActiveJobsTests.Request(name, room, [.. held.Select(slice => Held(slice, 1))]), Start).State;

    private static FetchProtocol.ActiveSlice Held(int slice, long progress) => new(new SliceId(JobId.Of("set"), 1, slice), 1, progress);

    private static CoordinatorState Resolved(CoordinatorState state, params (int Slice, int Survivors)[] slices) => slices.Aggregate(
        state, (all, slice) => all.With(JobId.Of("set"), ledger => ledger.WithResolved(new SliceId(JobId.Of("set"), 1, slice.Slice), slice.Survivors, [])));

    private static CoordinatorState HandedBack(CoordinatorState state, int slice, string name, string fault, TimeSpan now) => state.With(
        JobId.Of("set"), ledger => ledger.WithHandedBack(new SliceId(JobId.Of("set"), 1, slice), new NodeOwner(name), [], fault, now));

    private static IEnumerable<string> Holders(SchedulingDecision decision) => decision.Leases.Select(lease => lease.Node.Name);

    private static IEnumerable<int> SlicesOf(CoordinatorState state, string name) => state.Find(JobId.Of("set"))!.Ledger!.Leases.All
        .Where(pair => pair.Lease.Holder.Name == name).Select(pair => pair.Slice.Slice).Order();
}
