using Koalarization.Harvest;
using Koalarization.Imaging;

namespace Koalarization.Cluster;

/// <summary>What a decoder's refusal makes of a link.</summary>
internal static class PictureOutcomes
{
    /// <summary>The outcome of a picture that is refused.</summary>
    public static FetchOutcomeKind Outcome(this PictureRefusal refusal) => refusal.Fault switch
    {
        PictureFault.Empty => FetchOutcomeKind.Empty,
        PictureFault.NotJpeg => FetchOutcomeKind.NotJpeg,
        PictureFault.TooManyPixels => FetchOutcomeKind.TooManyPixels,
        PictureFault.Damaged => FetchOutcomeKind.Damaged,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Fault, message: null),
    };
}
