using System.Runtime.InteropServices;

namespace Koalarization.Integration;

/// <summary>A fact about exact pixels, which only libturbojpeg gives.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TurboJpegFactAttribute : FactAttribute
{
    public TurboJpegFactAttribute()
    {
        if (!NativeLibrary.TryLoad("libturbojpeg.so.0", out _))
        {
            Skip = "libturbojpeg is not installed";
        }
    }
}
