using Koalarization.Harvest.Links;

namespace Koalarization.Koala.Reporting;

/// <summary>Text from disks, the web and other processes, made fit to be shown: whatever it has in it, a terminal only prints it, and secrets of URLs are hidden.</summary>
internal static class ShownText
{
    /// <summary>A sentence; line feeds and tabs stay.</summary>
    public static string Of(string text)
    {
        string safe = UrlSecrets.Hide(text);
        return safe.Any(IsUnsafe) ? string.Concat(safe.Select(letter => IsUnsafe(letter) ? '?' : letter)) : safe;
    }

    /// <summary>A line of JSON, in which control characters are escaped already.</summary>
    public static string OfJson(string line) => UrlSecrets.Hide(line);

    // With the marks that change the direction of what follows, a name can look like another.
    private static bool IsUnsafe(char letter) =>
        (char.IsControl(letter) && letter is not ('\n' or '\t' or '\r')) || letter is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
