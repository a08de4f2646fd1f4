using Koalarization.Harvest.Fetching;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Pipeline.Links;

/// <summary>The outcomes of links whose picture cannot be used.</summary>
internal static class PictureOutcomes
{
    /// <summary>
    /// The outcome of a link whose files were there before this work and cannot be used: they were made from a picture once, so whatever is wrong now is damage.
    /// </summary>
    public const FetchOutcomeKind OfUnusableFile = FetchOutcomeKind.Damaged;

    /// <summary>The outcome of a picture that the decoder refused.</summary>
    public static FetchOutcomeKind Outcome(this PictureRefusal refusal) => refusal.Fault switch
    {
        PictureFault.Empty => FetchOutcomeKind.Empty,
        PictureFault.NotJpeg => FetchOutcomeKind.NotJpeg,
        PictureFault.Damaged => FetchOutcomeKind.Damaged,
        PictureFault.TooManyPixels => FetchOutcomeKind.TooManyPixels,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Fault, "This fault has no outcome."),
    };
}
