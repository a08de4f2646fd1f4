using System.Runtime.InteropServices;
using Koalarization.Imaging.Jpeg.Skia;
using Koalarization.Imaging.Jpeg.Turbo;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Jpeg;

/// <summary>The JPEG libraries of this machine.</summary>
public static class JpegCodecs
{
    private static readonly Lazy<bool> LazyAvailable = new(() => NativeLibrary.TryLoad(TurboJpegNative.Library, out _));
    private static readonly Lazy<IJpegCodec> LazyTurboJpeg = new(CreateTurboJpeg);
    private static readonly Lazy<IJpegCodec> LazySkia = new(() => new SkiaJpegCodec(DecodingMemory.OfProcess));

    /// <summary>Whether <c>libturbojpeg.so.0</c> is found by the system's loader.</summary>
    public static bool TurboJpegIsAvailable => LazyAvailable.Value;

    /// <summary>libturbojpeg where it is installed, SkiaSharp elsewhere.</summary>
    public static IJpegCodec Default => TurboJpegIsAvailable ? TurboJpeg : Skia;

    /// <summary>libturbojpeg: the original's pixels and file bytes.</summary>
    /// <exception cref="DllNotFoundException">It is not installed.</exception>
    public static IJpegCodec TurboJpeg => LazyTurboJpeg.Value;

    /// <summary>SkiaSharp: the original's pixels for gray and YCbCr with the accurate DCT; not for CMYK, the fast DCT, or file bytes.</summary>
    public static IJpegCodec Skia => LazySkia.Value;

    private static TurboJpegCodec CreateTurboJpeg() => TurboJpegIsAvailable
        ? new TurboJpegCodec(DecodingMemory.OfProcess)
        : throw new DllNotFoundException($"{TurboJpegNative.Library} is not installed: install Debian's or Ubuntu's package libturbojpeg0.");
}
