using System.Runtime.InteropServices;

namespace Koalarization.Imaging.Jpeg.Turbo;

/// <summary>
/// One TurboJPEG instance, for one picture: the library keeps quantisation and Huffman tables in it, so that a second picture without its own
/// tables would be decoded with the first one's. A new one costs microseconds.
/// </summary>
internal sealed class TurboJpegHandle : SafeHandle
{
    private TurboJpegHandle(nint handle)
        : base(0, ownsHandle: true)
    {
        SetHandle(handle);
        if (IsInvalid)
        {
            throw new JpegLibraryException("libturbojpeg", "starting", "no memory");
        }
    }

    public override bool IsInvalid => handle == 0;

    public static TurboJpegHandle ForDecompressing() => new(TurboJpegNative.InitDecompress());

    public static TurboJpegHandle ForCompressing() => new(TurboJpegNative.InitCompress());

    /// <summary>The last error or the first warning of the last call.</summary>
    public string ErrorText => Marshal.PtrToStringUTF8(TurboJpegNative.ErrorText(this)) ?? "unknown error";

    protected override bool ReleaseHandle() => TurboJpegNative.Destroy(handle) == 0;
}
