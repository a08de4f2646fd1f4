using System.Runtime.InteropServices;

namespace Koalarization.Testing;

/// <summary>A fact that only libturbojpeg gives, skipped with its reason where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TurboJpegFactAttribute : FactAttribute
{
    internal const string Reason = "libturbojpeg.so.0 is not installed (package libturbojpeg0)";

    internal static readonly bool IsInstalled = NativeLibrary.TryLoad("libturbojpeg.so.0", out _);

    public TurboJpegFactAttribute() => Skip = IsInstalled ? null : Reason;
}

/// <summary>A theory that only libturbojpeg gives, skipped with its reason where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TurboJpegTheoryAttribute : TheoryAttribute
{
    public TurboJpegTheoryAttribute() => Skip = TurboJpegFactAttribute.IsInstalled ? null : TurboJpegFactAttribute.Reason;
}
