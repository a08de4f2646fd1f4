using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Commands;

/// <summary>Which JPEG library this run uses; a weaker one is said once.</summary>
internal static class CodecChoice
{
    public const string Weaker =
        "libturbojpeg is not installed, so SkiaSharp reads and writes JPEG: slower, and not byte-equal to the original's files. " +
        "Install the package libturbojpeg0 (Debian, Ubuntu) for exact results.";

    public static IJpegCodec Announce(IReporter reporter) => Announce(reporter, new KoalaServices());

    public static IJpegCodec Announce(IReporter reporter, KoalaServices parts)
    {
        if (!JpegCodecs.TurboJpegIsAvailable)
        {
            reporter.Report(new Note(Weaker));
        }

        return parts.Codec();
    }
}
