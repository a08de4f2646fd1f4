using System.Globalization;
using System.Text.RegularExpressions;

namespace Koalarization.Imaging.Jpeg.Turbo;

/// <summary>libjpeg's one harmless warning: bytes that belong to no segment precede a marker.</summary>
/// <param name="Bytes">How many.</param>
/// <param name="Marker">The marker's second byte.</param>
internal readonly partial record struct TurboJpegWarning(int Bytes, byte Marker)
{
    /// <summary>Null when the text is another warning.</summary>
    public static TurboJpegWarning? ReadExtraneous(string text)
    {
        Match match = Pattern().Match(text);
        return match.Success
            && int.TryParse(match.Groups["bytes"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes)
            ? new TurboJpegWarning(bytes, byte.Parse(match.Groups["marker"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            : null;
    }

    [GeneratedRegex("(?<bytes>\\d+) extraneous bytes before marker 0x(?<marker>[0-9a-fA-F]{2})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
