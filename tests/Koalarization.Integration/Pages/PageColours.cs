using System.Globalization;
using System.Text.RegularExpressions;

namespace Koalarization.Integration.Pages;

/// <summary>The colours of a page's style, and the contrast of two (WCAG 2.2, "contrast ratio" and "relative luminance").</summary>
internal sealed class PageColours
{
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string> _colours;

    private PageColours(string palette) => _colours = Regex.Matches(palette, "--(?<name>[a-z]+): (?<colour>#[0-9a-f]{6});", Options, Timeout)
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["colour"].Value, StringComparer.Ordinal);

    /// <summary>The palettes of light and dark.</summary>
    public static (PageColours Light, PageColours Dark) Of(string style)
    {
        MatchCollection palettes = Regex.Matches(style, ":root {(?<palette>[^}]*)}", Options, Timeout);
        Assert.Equal(2, palettes.Count);
        Assert.Contains("prefers-color-scheme: dark", style[palettes[0].Index..palettes[1].Index], StringComparison.Ordinal);
        return (new PageColours(palettes[0].Groups["palette"].Value), new PageColours(palettes[1].Groups["palette"].Value));
    }

    /// <summary>The names of the colours that properties are given. A colour that is not one of a palette fails the test.</summary>
    public static IReadOnlyList<string> Used(string style, string properties) =>
    [
        .. Regex.Matches(style, $"[{{; ]({properties}): (?<value>[^;}}]*)", Options, Timeout).Select(match => match.Groups["value"].Value.Trim())
            .Select(value => Regex.Match(value, "var\\(--(?<name>[a-z]+)\\)$", Options, Timeout) is { Success: true } name ? name.Groups["name"].Value : $"{value} is in no palette")
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>From 1 (equal) to 21 (black on white).</summary>
    public double Contrast(string one, string other)
    {
        double[] luminances = [Luminance(_colours[one]), Luminance(_colours[other])];
        return (luminances.Max() + 0.05) / (luminances.Min() + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] linear = [.. Enumerable.Range(0, 3).Select(i => Linear(int.Parse(colour.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber) / 255.0))];
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    private static double Linear(double channel) => channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4);
}
