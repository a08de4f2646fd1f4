using Koalarization.Imaging.Pixels;

namespace Koalarization.Dataset.Composition;

/// <summary>The words that manifests, reports and JSON use for a picture's faults.</summary>
public static class PictureFaultNames
{
    /// <summary>The fault in a word: <c>empty</c>, <c>not_jpeg</c>, <c>damaged</c>, <c>too_many_pixels</c>.</summary>
    public static string WireName(this PictureFault fault) => fault switch
    {
        PictureFault.Empty => "empty",
        PictureFault.NotJpeg => "not_jpeg",
        PictureFault.Damaged => "damaged",
        PictureFault.TooManyPixels => "too_many_pixels",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, message: null),
    };
}
