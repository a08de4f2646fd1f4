using Koalarization.Dataset.Ledger;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Pipeline.Tests.Jobs;

public sealed class RoundOpeningTests
{
    private static readonly RoundLedger Unresolved = RoundLedger.Begin(1, slices: 1, firstRecord: 0, picturesPerRecord: 10);

    private static readonly RoundLedger Resolved = Unresolved.WithResolved(0, survivors: 5);

    [Theory]
    [InlineData(JobEnd.Download)]
    [InlineData(JobEnd.Resize)]
    [InlineData(JobEnd.Records)]
    public void Another_round_begins_only_when_none_is_open(JobEnd until)
    {
        Assert.True(RoundOpening.BeginsAnother([], until));
        Assert.False(RoundOpening.BeginsAnother([Round(Unresolved)], until));
    }

    [Theory]
    [InlineData(JobEnd.Download, false)]
    [InlineData(JobEnd.Resize, true)]
    [InlineData(JobEnd.Records, false)]
    public void A_round_whose_pictures_are_all_resized_is_followed_by_another_where_no_records_are_asked_for(JobEnd until, bool begins) =>
        Assert.Equal(begins, RoundOpening.BeginsAnother([Round(Resolved)], until));

    [Fact]
    public void Of_several_open_rounds_the_last_decides()
    {
        Assert.True(RoundOpening.BeginsAnother([Round(Unresolved), Round(Resolved)], JobEnd.Resize));
        Assert.False(RoundOpening.BeginsAnother([Round(Resolved), Round(Unresolved)], JobEnd.Resize));
    }

    private static OpenRound Round(RoundLedger ledger) => new(null!, ledger);
}
