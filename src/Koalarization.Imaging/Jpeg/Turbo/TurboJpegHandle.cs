using System.Runtime.InteropServices;

namespace Koalarization.Imaging.Jpeg.Turbo;

/// <summary>One TurboJPEG instance, for compressing or for decompressing; used by one thread at a time.</summary>
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
