using Koalarization.Dataset.Ledger;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Pipeline.Tests.Jobs;

public sealed class RoundChoiceTests
{
    private static readonly RoundLedger Unresolved = RoundLedger.Begin(1, slices: 1, firstRecord: 0, picturesPerRecord: 10);

    private static readonly RoundLedger Resolved = Unresolved.WithResolved(0, survivors: 5);

    [Theory]
    [InlineData(JobEnd.Download)]
    [InlineData(JobEnd.Resize)]
    [InlineData(JobEnd.Records)]
    public void Another_round_begins_only_when_asked_for_and_when_none_is_open(JobEnd until)
    {
        Assert.True(RoundChoice.BeginsAnother([], retryFailed: true, until));
        Assert.False(RoundChoice.BeginsAnother([], retryFailed: false, until));
        Assert.False(RoundChoice.BeginsAnother([Round(Unresolved)], retryFailed: true, until));
        Assert.False(RoundChoice.BeginsAnother([Round(Resolved)], retryFailed: false, until));
    }

    [Theory]
    [InlineData(JobEnd.Download, false)]
    [InlineData(JobEnd.Resize, true)]
    [InlineData(JobEnd.Records, false)]
    public void A_round_whose_pictures_are_all_resized_is_followed_by_another_where_no_records_are_asked_for(JobEnd until, bool begins) =>
        Assert.Equal(begins, RoundChoice.BeginsAnother([Round(Resolved)], retryFailed: true, until));

    [Fact]
    public void Of_several_open_rounds_the_last_decides()
    {
        Assert.True(RoundChoice.BeginsAnother([Round(Unresolved), Round(Resolved)], retryFailed: true, JobEnd.Resize));
        Assert.False(RoundChoice.BeginsAnother([Round(Resolved), Round(Unresolved)], retryFailed: true, JobEnd.Resize));
    }

    private static OpenRound Round(RoundLedger ledger) => new(null!, ledger);
}
