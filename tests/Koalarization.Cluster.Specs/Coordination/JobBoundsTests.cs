using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.HostLimits;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Harvest.Outages;
using Koalarization.Pipeline.Jobs;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>What a job is bound by.</summary>
public sealed class JobBoundsTests
{
    private static readonly JobLoad Fetching = new() { OpenSlices = 100, SlicesInWork = 6, FetchNodes = 3, Embedders = 2, WriteNodes = 1 };
    private static readonly JobLoad Writing = Fetching with { WaitingRecords = 3, RecordsInWork = 2 };
    private static readonly JobLoad WritingLast = Writing with { OpenSlices = 0, SlicesInWork = 0, WaitingRecords = 0 };

    private static readonly Dictionary<string, (JobLoad Load, JobBound By, string Part)> Rows = new(StringComparer.Ordinal)
    {
        ["store is away"] = (Writing with { StoreFault = "the disk is full" }, JobBound.Store, "cannot be read or written"),
        ["store is away while it is opened"] = (new() { StoreFault = "no", IsOpening = true }, JobBound.Store, "cannot be read or written"),
        ["opening"] = (new() { IsOpening = true }, JobBound.Nothing, "its list is being read"),
        ["no fetch node"] = (Fetching with { FetchNodes = 0 }, JobBound.FetchNodes, "no fetch node can work on it"),
        ["no fetch node is needed"] = (WritingLast with { FetchNodes = 0 }, JobBound.Embedders, "its 2 embed nodes compute"),
        ["no embedder, and no record yet"] = (Fetching with { Embedders = 0 }, JobBound.FetchNodes, "its 3 fetch nodes have all the work that they take"),
        ["no embedder"] = (Writing with { Embedders = 0 }, JobBound.Embedders, "5 records could be written, and no embed node has its network"),
        ["no writer"] = (Writing with { WriteNodes = 0, RecordsInWork = 0, WaitingRecords = 1 }, JobBound.WriteNodes, "1 record could be written, and no write node can"),
        ["the network of all is broken"] = (Fetching with { FetchNodesWithoutNetwork = 3 }, JobBound.Outage, "looks broken"),
        ["the network of some is broken"] = (Fetching with { FetchNodesWithoutNetwork = 2 }, JobBound.FetchNodes, "its 3 fetch nodes"),
        ["no fetch node is left to have a network"] = (WritingLast with { FetchNodes = 3, FetchNodesWithoutNetwork = 3 }, JobBound.Embedders, "compute"),
        ["devices are busy"] = (Writing with { DevicesBusy = 0.97 }, JobBound.Embedders, "its 2 embed nodes compute 97% of the time; more of them"),
        ["a device is busy, two batches at once"] = (Writing with { DevicesBusy = 1.2, Embedders = 1 }, JobBound.Embedders, "its 1 embed node computes 100% of the time"),
        ["devices do not say"] = (Writing, JobBound.Embedders, "its 2 embed nodes compute; more"),
        ["devices are idle"] = (Writing with { DevicesBusy = 0.3 }, JobBound.WriteNodes, "3 records wait for its 1 write node"),
        ["devices are idle, and commits are slow"] = (Writing with { DevicesBusy = 0.3, StoreBusyWriting = 0.9 }, JobBound.Store, "writing its records waits for the store"),
        ["the last records"] = (WritingLast with { DevicesBusy = 0.1 }, JobBound.Nothing, "its last 2 records are being written"),
        ["pictures wait for the store"] = (Fetching with { StoreBusyFetching = 0.9 }, JobBound.Store, "keeping its pictures waits for the store"),
        ["one host"] = (Fetching with { Hosts = Held(900, 800, 1, TimeSpan.Zero) }, JobBound.Hosts, "800 links wait for a.example:443, which is asked no faster than it allows"),
        ["some hosts"] = (Fetching with { Hosts = Held(900, 450, 4, TimeSpan.Zero) }, JobBound.Hosts, "and 3 other hosts, which are asked no faster"),
        ["a host that pauses"] = (Fetching with { Hosts = Held(1, 1, 1, TimeSpan.FromSeconds(20)) }, JobBound.Hosts, "1 link waits for a.example:443, which asked to be left alone"),
        ["hosts hold back little"] = (Fetching with { Hosts = Held(900, 449, 4, TimeSpan.Zero) }, JobBound.FetchNodes, "more of them make it faster"),
        ["one fetch node"] = (Fetching with { FetchNodes = 1 }, JobBound.FetchNodes, "its 1 fetch node has all the work that it takes"),
        ["the last slices"] = (Fetching with { OpenSlices = 6 }, JobBound.Nothing, "its last 6 slices of links are in work"),
        ["the end"] = (new() { FetchNodes = 1 }, JobBound.Nothing, "it is being finished"),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_what_would_have_to_be_more(string name)
    {
        (JobLoad load, JobBound expected, string part) = Rows[name];
        (JobBound by, string reason) = JobBounds.Of(load);
        Assert.Equal((expected, true), (by, reason.Contains(part, StringComparison.Ordinal)));
        Assert.Equal(reason, WireText.Cut(reason, JobStatus.MaxBoundBytes));
    }

    [Fact]
    public void It_is_decided_from_what_the_coordinator_knows()
    {
        CoordinatedJob job = ActiveJobsTests.Working("set", ActiveJobsTests.Network, RoundLedger.Begin(1, 3, 0, 500));
        CoordinatorState state = CoordinatorState.Empty.With(job);
        Assert.Equal(JobBound.FetchNodes, By(state));

        state = state.WithNode("f", "fetch").WithNode("w", "write");
        Assert.Equal(JobBound.FetchNodes, By(state));
        state = state with { Nodes = state.Nodes.With(ActiveJobsTests.Registration("f", "fetch") with { Outage = NetworkFault.Names }, ActiveJobsTests.Start) };
        Assert.Equal(JobBound.Outage, By(state));

        state = state.With(job.Id, ledger => ledger.WithResolved(new SliceId(job.Id, 1, 0), 5000, []));
        Assert.Equal(JobBound.Embedders, By(state));
        state = state.WithNode("e", "embed", ActiveJobsTests.Codec, ActiveJobsTests.Key).WithNode("f", "fetch").Schedule(ActiveJobsTests.Start).State;
        state = state with
        {
            Nodes = state.Nodes.With(ActiveJobsTests.Registration("e", "embed", ActiveJobsTests.Codec, ActiveJobsTests.Key) with { Rates = new NodeRates { DeviceBusy = 0.1 } }, ActiveJobsTests.Start),
        };
        Assert.Equal(JobBound.WriteNodes, By(state));

        JobBound By(CoordinatorState now) => JobBounds.Of(JobLoad.Of(now, now.Find(job.Id)!, HostLoad.None)).By;
    }

    [Fact]
    public void A_job_in_work_says_how_fast_it_is_and_when_it_will_be_done_and_one_that_has_ended_does_not()
    {
        var time = new FakeTimeProvider();
        var forecasts = new JobForecasts(time);
        CoordinatedJob job = ActiveJobsTests.Working("set", network: null, RoundLedger.Begin(1, 100, 0, 500));
        job = job with { Opened = job.Opened! with { Links = 51_200 }, Entry = job.Entry with { Spec = job.Entry.Spec with { Until = JobEnd.Resize } } };
        CoordinatorState state = CoordinatorState.Empty.With(job).WithNode("f", "fetch");
        for (int second = 0; second <= 40; second++)
        {
            // A slice of 512 links every two seconds.
            state = second % 2 == 1 ? state : state.With(job.Id, ledger => ledger.WithResolved(new SliceId(job.Id, 1, second / 2), 500, [KeyValuePair.Create("kept", 500), KeyValuePair.Create("not_found", 12)]));
            forecasts.Update(state, new Dictionary<JobId, HostLoad>());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        JobStatus status = forecasts.With(JobStatusProjection.StatusOf(state, state.Find(job.Id)!));
        Assert.Equal((256, JobBound.FetchNodes), (status.LinksPerSecond, status.BoundBy));

        // 79 slices are left.
        Assert.InRange(status.SecondsLeft!.Value, 150, 166);

        state = state.With(state.Find(job.Id)!.Ended(JobPhase.Cancelled));
        status = forecasts.With(JobStatusProjection.StatusOf(state, state.Find(job.Id)!));
        Assert.Equal((null, null, null), (status.LinksPerSecond, status.BoundBy, status.SecondsLeft));
    }

    [Fact]
    public void The_host_that_holds_back_most_is_named()
    {
        HostLoad load = HostLoad.None.With("a", 10, 0, TimeSpan.Zero).With("b", 5, 3, TimeSpan.Zero).With("c", 7, 7, TimeSpan.FromSeconds(9)).With("d", 2, 1, TimeSpan.Zero);
        Assert.Equal(new HostLoad(24, 11, 3, "c", 7, TimeSpan.FromSeconds(9)), load);
    }

    private static HostLoad Held(long wanted, long held, int hosts, TimeSpan pause) => new(wanted, held, hosts, "a.example:443", held, pause);
}
