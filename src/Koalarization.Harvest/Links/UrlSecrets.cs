using System.Text.RegularExpressions;

namespace Koalarization.Harvest.Links;

/// <summary>
/// Hides what a URL may have of secrets: user and password before the host, and the values of query parameters that are named as keys and tokens are. Texts for people,
/// logs and answers go through here; what is fetched, and the data set's own index, have links as they are.
/// </summary>
public static partial class UrlSecrets
{
    private const string Hidden = "***";

    /// <summary>A text in which every URL's secrets are hidden; the same text where there are none.</summary>
    /// <param name="text">Any text.</param>
    public static string Hide(string text) =>
        text.Contains("://", StringComparison.Ordinal) ? Parameters().Replace(Users().Replace(text, Hidden + "@"), Hidden) : text;

    /// <summary>Whether a URL has any.</summary>
    public static bool Has(string url) => Users().IsMatch(url) || Parameters().IsMatch(url);

    [GeneratedRegex("""(?<=(?:https?|ftp)://)[^/\s?#"'<>\\]+@""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Users();

    [GeneratedRegex(
        """(?<=[?&;](?:[\w.-]{0,64}(?:token|secret|passw|pwd|signature|credential|api_?-?key|access_?-?key|session|auth)[\w.-]{0,64}|sig|key)=)[^&;#\s"'<>\\]+""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameters();
}
