namespace Koalarization.Imaging.Tests;

/// <summary>A fact about libturbojpeg, skipped with its reason where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TurboJpegFactAttribute : FactAttribute
{
    internal const string Reason = "libturbojpeg.so.0 is not installed (package libturbojpeg0)";

    public TurboJpegFactAttribute()
    {
        if (!JpegCodecs.TurboJpegIsAvailable)
        {
            Skip = Reason;
        }
    }
}

/// <summary>A theory about libturbojpeg, skipped with its reason where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TurboJpegTheoryAttribute : TheoryAttribute
{
    public TurboJpegTheoryAttribute()
    {
        if (!JpegCodecs.TurboJpegIsAvailable)
        {
            Skip = TurboJpegFactAttribute.Reason;
        }
    }
}
