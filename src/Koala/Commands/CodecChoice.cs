using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Commands;

/// <summary>Chooses the JPEG library, and warns when the exact one is missing.</summary>
internal static class CodecChoice
{
    public const string TurboJpegMissing =
        "libturbojpeg is not installed, so SkiaSharp reads and writes JPEG: slower, and not byte-equal to the original pipeline; " +
        "install libturbojpeg0 (Debian, Ubuntu) for exact results.";

    public static IJpegCodec Choose(IReporter reporter) => Choose(reporter, new KoalaServices());

    public static IJpegCodec Choose(IReporter reporter, KoalaServices services)
    {
        if (!JpegCodecs.TurboJpegIsAvailable)
        {
            reporter.Report(new Note(TurboJpegMissing));
        }

        return services.Codec();
    }
}
