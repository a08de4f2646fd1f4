using Koalarization.Harvest.Fetching;
using Koalarization.Imaging.Pixels;
using Koalarization.Pipeline.Links;

namespace Koalarization.Pipeline.Tests.Links;

public sealed class PictureOutcomesTests
{
    [Theory]
    [InlineData(PictureFault.Empty, FetchOutcomeKind.Empty)]
    [InlineData(PictureFault.NotJpeg, FetchOutcomeKind.NotJpeg)]
    [InlineData(PictureFault.Damaged, FetchOutcomeKind.Damaged)]
    [InlineData(PictureFault.TooManyPixels, FetchOutcomeKind.TooManyPixels)]
    public void A_refusal_has_the_outcome_of_its_fault(PictureFault fault, FetchOutcomeKind outcome) =>
        Assert.Equal(outcome, new PictureRefusal(fault, "").Outcome());

    [Fact]
    public void Every_fault_has_an_outcome_and_an_unknown_one_is_an_error()
    {
        PictureFault[] faults = Enum.GetValues<PictureFault>();
        Assert.Distinct(faults.Select(fault => new PictureRefusal(fault, "").Outcome()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureRefusal(faults.Max() + 1, "").Outcome());
    }
}
