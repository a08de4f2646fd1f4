using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>How many embedders are of use now.</summary>
public sealed class EmbedDemandTests
{
    private static readonly JobId Set = JobId.Of("set");

    [Theory]
    [InlineData(0, 0, 3, 0, 0)]
    [InlineData(1, 1, 0, 0, 1)]
    [InlineData(1, 0, 0, 0, 1)]
    [InlineData(8, 4000, 0, 0, 2)]
    [InlineData(9, 4001, 9, 0, 3)]
    [InlineData(2_000_000_000, 1_000_000_000_000, 0, 0, 500_000_000)]
    [InlineData(0, 0, 3, 1, 3)]
    [InlineData(9, 9000, 3, 1, 5)]
    public void As_many_as_their_pictures_are_worth_none_without_records_and_all_that_are_there_while_a_job_is_opened(
        int records, long pictures, int embedders, int opening, long wanted) =>
        Assert.Equal(wanted, new JobsProtocol.EmbedDemand(records, pictures, embedders, opening).Wanted(2000));

    [Fact]
    public void What_waits_is_what_can_be_written_and_has_no_logits()
    {
        CoordinatorState state = CoordinatorState.Empty.With(ActiveJobsTests.Working("set", ActiveJobsTests.Network, RoundLedger.Begin(1, 3, 0, 500)))
            .WithNode("w", "write").WithNode("e", "embed", ActiveJobsTests.Codec, ActiveJobsTests.Key);
        Assert.Equal(new JobsProtocol.EmbedDemand(0, 0, 1, 0), JobStatusProjection.EmbedDemandOf(state));

        // Two whole records; 200 pictures more wait for others to fill one.
        state = Resolved(state, 0, 1200);
        Assert.Equal(new JobsProtocol.EmbedDemand(2, 1000, 1, 0), JobStatusProjection.EmbedDemandOf(state));

        state = state.Schedule(ActiveJobsTests.Start).State.With(Set, ledger => ledger.WithProgress(0, new NodeOwner("w"), 100));
        Assert.Equal(new JobsProtocol.EmbedDemand(2, 900, 1, 0), JobStatusProjection.EmbedDemandOf(state));

        state = state.With(Set, ledger => ledger.WithWritten(0));
        Assert.Equal(new JobsProtocol.EmbedDemand(1, 500, 1, 0), JobStatusProjection.EmbedDemandOf(state));

        // The last record is a short one.
        state = Resolved(Resolved(state, 1, 0), 2, 33);
        Assert.Equal(new JobsProtocol.EmbedDemand(2, 733, 1, 0), JobStatusProjection.EmbedDemandOf(state));
    }

    [Fact]
    public void Jobs_that_make_no_records_want_none_and_those_that_are_opened_are_counted()
    {
        CoordinatedJob resizes = ActiveJobsTests.Working("set", ActiveJobsTests.Network, RoundLedger.Begin(1, 1, 0, 500).WithResolved(0, 500));
        resizes = resizes with { Entry = resizes.Entry with { Spec = resizes.Entry.Spec with { Until = JobEnd.Resize } } };
        CoordinatedJob opening = ActiveJobsTests.Working("other", network: null) with { Phase = JobsProtocol.JobPhase.Opening, Opened = null, Ledger = null };

        Assert.Equal(new JobsProtocol.EmbedDemand(0, 0, 0, 1), JobStatusProjection.EmbedDemandOf(CoordinatorState.Empty.With(resizes).With(opening)));
    }

    private static CoordinatorState Resolved(CoordinatorState state, int slice, int survivors) =>
        state.With(Set, ledger => ledger.WithResolved(new SliceId(Set, 1, slice), survivors, []));
}
