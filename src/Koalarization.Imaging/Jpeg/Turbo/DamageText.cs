namespace Koalarization.Imaging.Jpeg.Turbo;

/// <summary>The decoder's words as the end of a sentence about a picture.</summary>
internal static class DamageText
{
    public static string FromLibrary(string text) => text switch
    {
        _ when text.Contains("Premature end of JPEG file", StringComparison.Ordinal) => "ends before its end marker",
        _ when text.Contains("premature end of data segment", StringComparison.Ordinal) => "has corrupt data (a scan ends too early)",
        _ => $"does not decode ({text.Trim()})",
    };
}
