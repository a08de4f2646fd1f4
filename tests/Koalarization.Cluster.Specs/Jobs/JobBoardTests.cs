using Koalarization.Dataset;

namespace Koalarization.Cluster.Specs;

/// <summary>Who gets what, and when it passes on.</summary>
public sealed class JobBoardTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void A_node_that_could_take_all_slices_leaves_others_their_share()
    {
        JobBoard board = Board(slices: 6, "a", "b");
        Dealt first = Asked(board, "a", room: 10).Deal(Start);
        Assert.Equal(["a", "a", "a"], Holders(first));

        Dealt second = Asked(first.Board, "b", room: 10).Deal(Start);
        Assert.Equal(["b", "b", "b"], Holders(second));
    }

    [Fact]
    public void The_last_slice_goes_to_who_asks_although_another_never_does()
    {
        JobBoard board = Asked(Board(slices: 1, "a", "silent"), "a", room: 1);
        Assert.Equal(["a"], Holders(board.Deal(Start)));
    }

    [Fact]
    public void The_node_with_the_fewest_slices_is_next()
    {
        JobBoard board = Asked(Board(slices: 100, "a", "b"), "a", room: 2).Deal(Start).Board;
        board = Asked(Asked(board, "a", room: 2, held: [0, 1]), "b", room: 2);
        Assert.Equal(["b", "b", "a", "a"], Holders(board.Deal(Start)));
    }

    [Fact]
    public void What_is_on_its_way_to_a_node_takes_of_its_room()
    {
        JobBoard board = Asked(Board(slices: 9, "a"), "a", room: 2).Deal(Start).Board;

        // Written before the two leases arrived.
        Assert.Empty(Asked(board, "a", room: 2).Deal(Start).Leases);
        Assert.Equal(2, Asked(board, "a", room: 2, held: [0, 1]).Deal(Start).Leases.Count);
    }

    [Fact]
    public void A_lease_that_a_node_never_names_is_told_again_and_then_passes_on()
    {
        JobBoard board = Asked(Board(slices: 1, "a", "b"), "a", room: 1).Deal(Start).Board;
        (board, NodeAnswer answer) = board.WithReport(JobsOfTests.Request("a", 1), Start + SliceLease.ToldAgain);
        Assert.Equal(0, Assert.Single(answer.ToldAgain).Slice.Slice);

        board = Asked(board, "b", room: 1);
        (board, answer) = board.WithReport(JobsOfTests.Request("a", 0), Start + SliceLease.Unnamed);
        Assert.Empty(answer.ToldAgain);
        Assert.Equal(["b"], Holders(board.Deal(Start + SliceLease.Unnamed)));
    }

    [Fact]
    public void The_lowest_slice_is_leased_once_more_when_it_holds_back_more_than_two_records()
    {
        JobBoard board = Asked(Board(slices: 4, "a", "b"), "a", room: 1).Deal(Start).Board;
        board = Resolved(board, (1, 500), (2, 400));
        board = Asked(board, "b", room: 3).Deal(Start).Board;
        Assert.Equal([3], SlicesOf(board, "b"));

        board = Resolved(board, (3, 101));
        Dealt doubled = Asked(board, "b", room: 1).Deal(Start);
        Assert.Equal(0, Assert.Single(doubled.Leases).Lease.Slice.Slice);

        // Once: whoever asks now gets nothing.
        Assert.Empty(Asked(doubled.Board.WithNode("c", "fetch"), "c", room: 1).Deal(Start).Leases);
        JobBoard alone = doubled.Board.With(JobId.Of("set"), ledger => ledger.WithHandedBack(new SliceId(JobId.Of("set"), 1, 0), new NodeOwner("a"), [], null, Start));
        Assert.Empty(Asked(alone.WithNode("c", "fetch"), "c", room: 1).Deal(Start).Leases);
        Assert.Empty(Resolved(doubled.Board, (0, 1)).Find(JobId.Of("set"))!.Ledger!.Leases.All);
    }

    [Fact]
    public void The_lowest_slice_is_leased_once_more_when_embedders_idle_and_a_record_waits_for_it()
    {
        JobBoard board = Asked(Board(slices: 2, "a", "b"), "a", room: 1).Deal(Start).Board;
        board = Resolved(board, (1, 500));
        Assert.Empty(Asked(board, "b", room: 1).Deal(Start).Leases);

        board = board.WithNode("w", "write").WithNode("e", "embed", JobsOfTests.Codec, JobsOfTests.Key);
        Assert.Equal(["b"], Holders(Asked(board, "b", room: 1).Deal(Start)));
    }

    [Fact]
    public void A_slice_that_an_earlier_coordinator_gave_to_one_and_this_one_to_another_may_be_both_theirs()
    {
        JobBoard board = Asked(Board(slices: 1, "a", "b", "c"), "a", room: 1).Deal(Start).Board;
        (board, NodeAnswer answer) = board.WithReport(JobsOfTests.Request("b", 0, Held(0, progress: 90)), Start);
        Assert.Empty(answer.Recalled);
        (_, answer) = board.WithReport(JobsOfTests.Request("c", 0, Held(0, progress: 10)), Start);
        Assert.Equal([0], answer.Recalled.Select(slice => slice.Slice));
    }

    [Fact]
    public void A_slice_that_passed_on_is_a_nodes_again_only_when_it_moves()
    {
        JobBoard board = Asked(Board(slices: 1, "a"), "a", room: 1).Deal(Start).Board;
        (board, _) = board.WithReport(JobsOfTests.Request("a", 0, Held(0, progress: 5)), Start);
        TimeSpan late = Start + SliceLease.Patience;
        board = board.At(late);
        Assert.Empty(SlicesOf(board, "a"));

        (board, NodeAnswer still) = board.WithReport(JobsOfTests.Request("a", 1, Held(0, progress: 5)), late);
        Assert.Single(still.Recalled);
        (board, NodeAnswer moves) = board.WithReport(JobsOfTests.Request("a", 0, Held(0, progress: 6)), late);
        Assert.Empty(moves.Recalled);
        Assert.Equal([0], SlicesOf(board, "a"));
    }

    [Fact]
    public void A_node_with_a_fault_rests_and_a_job_fails_when_all_nodes_had_one_within_a_minute()
    {
        JobBoard board = Asked(Board(slices: 4, "a", "b"), "a", room: 1).Deal(Start).Board;
        board = HandedBack(board, 0, "a", "the disk is full", Start).At(Start);
        board = Asked(board, "a", room: 1);
        Assert.Empty(board.Deal(Start + NodeFaults.Pause - TimeSpan.FromSeconds(1)).Leases);
        Assert.NotEmpty(board.Deal(Start + NodeFaults.Pause).Leases);

        JobBoard later = HandedBack(board, 1, "b", "the disk is gone", Start + NodeFaults.Memory).At(Start + NodeFaults.Memory);
        Assert.Equal(JobsProtocol.JobPhase.Working, later.Find(JobId.Of("set"))!.Phase);
        JobState failed = HandedBack(board, 1, "b", "the disk is gone", Start + TimeSpan.FromSeconds(59)).At(Start + TimeSpan.FromSeconds(59)).Find(JobId.Of("set"))!;
        Assert.Equal((JobsProtocol.JobPhase.Failed, "the disk is gone"), (failed.Phase, failed.Failure));
    }

    [Fact]
    public void Two_records_for_each_writer_are_shared_among_jobs_whose_network_somebody_has()
    {
        JobBoard board = Board(slices: 1).With(JobsOfTests.Working("other", JobsOfTests.Network, Round(1)))
            .With(JobsOfTests.Working("keyless", JobsOfTests.Network with { Weights = "random:1" }, Round(1)))
            .WithNode("w", "write").WithNode("v", "write").WithNode("e", "embed", JobsOfTests.Codec, JobsOfTests.Key);
        foreach (string data in (string[])["set", "other", "keyless"])
        {
            board = board.With(JobId.Of(data), ledger => ledger.WithResolved(new SliceId(JobId.Of(data), 1, 0), 5000, []));
        }

        Assert.Equal([("other", 0), ("other", 1), ("set", 0), ("set", 1)], board.Deal(Start).Records.Select(record => (record.Data, record.Record.Record)).Order());
    }

    [Fact]
    public void Rounds_are_cut_anew_when_records_turn_out_to_have_another_size()
    {
        JobState job = JobsOfTests.Working("set", null, Round(1).WithResolved(0, 10), RoundLedger.Begin(2, 1, 1, 500).WithResolved(0, 5));
        job = job.WithNetwork(JobsOfTests.Network with { PicturesPerRecord = 4 });
        Assert.Equal([(0, 3), (3, 2)], job.Ledger!.Rounds.Select(round => (round.FirstRecord, round.Composable)));
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

    private static JobBoard Board(int slices, params string[] fetchers) =>
        fetchers.Aggregate(JobBoard.Empty.With(JobsOfTests.Working("set", JobsOfTests.Network, Round(slices))), (board, name) => board.WithNode(name, "fetch"));

    private static RoundLedger Round(int slices) => RoundLedger.Begin(1, slices, 0, 500);

    private static JobBoard Asked(JobBoard board, string name, int room, params int[] held) =>
        board.WithReport(JobsOfTests.Request(name, room, [.. held.Select(slice => Held(slice, 1))]), Start).Board;

    private static FetchProtocol.HeldSlice Held(int slice, long progress) => new(new SliceId(JobId.Of("set"), 1, slice), 1, progress);

    private static JobBoard Resolved(JobBoard board, params (int Slice, int Survivors)[] slices) => slices.Aggregate(
        board, (all, slice) => all.With(JobId.Of("set"), ledger => ledger.WithResolved(new SliceId(JobId.Of("set"), 1, slice.Slice), slice.Survivors, [])));

    private static JobBoard HandedBack(JobBoard board, int slice, string name, string fault, TimeSpan now) => board.With(
        JobId.Of("set"), ledger => ledger.WithHandedBack(new SliceId(JobId.Of("set"), 1, slice), new NodeOwner(name), [], fault, now));

    private static IEnumerable<string> Holders(Dealt dealt) => dealt.Leases.Select(lease => lease.Node.Name);

    private static IEnumerable<int> SlicesOf(JobBoard board, string name) => board.Find(JobId.Of("set"))!.Ledger!.Leases.All
        .Where(pair => pair.Lease.Holder.Name == name).Select(pair => pair.Slice.Slice).Order();
}
