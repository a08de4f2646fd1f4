using Koalarization.Harvest;
using Koalarization.Imaging;

namespace Koalarization.Cluster;

/// <summary>What a decoder's refusal makes of a link.</summary>
internal static class PictureOutcomes
{
    /// <summary>The outcome of a picture that is refused.</summary>
    public static FetchOutcomeKind Outcome(this PictureRefusal refusal) => refusal.Fault switch
    {
        Imaging.PictureFault.Empty => FetchOutcomeKind.Empty,
        Imaging.PictureFault.NotJpeg => FetchOutcomeKind.NotJpeg,
        Imaging.PictureFault.TooManyPixels => FetchOutcomeKind.TooManyPixels,
        _ => FetchOutcomeKind.Damaged,
    };
}
