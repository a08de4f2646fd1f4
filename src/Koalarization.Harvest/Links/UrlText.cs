using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Koalarization.Harvest.Links;

/// <summary>Takes the URL out of a field or a word as people write them: in quotes or brackets, with a comma behind, with blanks inside.</summary>
internal static partial class UrlText
{
    private const int PatternMilliseconds = 1000;

    /// <summary>Takes a field's URL.</summary>
    /// <param name="field">The field, or a word of a line.</param>
    /// <param name="url">The URL, when the result is a link.</param>
    public static LinkLineKind Parse(ReadOnlySpan<char> field, out string url)
    {
        ReadOnlySpan<char> text = Unwrapped(field);
        url = "";
        if (IsUrl(text))
        {
            url = WithoutBlanks(text);
            return LinkLineKind.Link;
        }

        return KindOfOther(text);
    }

    /// <summary>Whether a text begins as a URL of a picture does; the scheme may be in capitals.</summary>
    public static bool IsUrl(ReadOnlySpan<char> text) =>
        text.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a text without a URL has instead.</summary>
    public static LinkLineKind KindOfOther(ReadOnlySpan<char> text) =>
        text.StartsWith("//") || text.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || HostAndPath().IsMatch(text) ? LinkLineKind.NoScheme
        : Scheme().IsMatch(text) ? LinkLineKind.OtherScheme
        : LinkLineKind.NoUrl;

    /// <summary>A text without what people put around a URL.</summary>
    public static ReadOnlySpan<char> Unwrapped(ReadOnlySpan<char> text)
    {
        while (true)
        {
            ReadOnlySpan<char> inner = Trimmed(text);
            inner = inner.TrimEnd(",;");
            inner = inner.TrimStart("\"<\u201C").TrimEnd("\">\u201D");
            if (inner.Length > 1 && (inner[0], inner[^1]) is ('\'', '\'') or ('`', '`') or ('(', ')') or ('[', ']') or ('\u2018', '\u2019'))
            {
                inner = inner[1..^1];
            }

            if (inner.StartsWith("URL:", StringComparison.OrdinalIgnoreCase))
            {
                inner = inner[4..];
            }

            if (inner.Length == text.Length)
            {
                return inner;
            }

            text = inner;
        }
    }

    /// <summary>
    /// A URL without blanks: tabs and line ends go, as in a browser, and other white space is percent-encoded as UTF-8.
    /// </summary>
    public static string WithoutBlanks(ReadOnlySpan<char> url)
    {
        // As JSON writes it.
        if (url.StartsWith(@"http:\/\/") || url.StartsWith(@"https:\/\/"))
        {
            return WithoutBlanks(url.ToString().Replace(@"\/", "/", StringComparison.Ordinal));
        }

        if (url.IndexOfAnyInRange('\u0000', ' ') < 0 && !HasWhiteSpace(url))
        {
            return url.ToString();
        }

        var encoded = new StringBuilder(url.Length + 8);
        foreach (char letter in url)
        {
            if (letter is '\t' or '\n' or '\r')
            {
                continue;
            }

            if (!Separates(letter))
            {
                encoded.Append(letter);
                continue;
            }

            foreach (byte b in Encoding.UTF8.GetBytes([letter]))
            {
                encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }

    /// <summary>Python's <c>str.isspace</c>: Unicode white space and the four information separators.</summary>
    public static bool Separates(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    /// <summary>Without white space and invisible marks at both ends.</summary>
    public static ReadOnlySpan<char> Trimmed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && (Separates(text[0]) || IsInvisible(text[0])))
        {
            text = text[1..];
        }

        while (!text.IsEmpty && (Separates(text[^1]) || IsInvisible(text[^1])))
        {
            text = text[..^1];
        }

        return text;
    }

    // Zero width space, word joiner, byte order mark (which also stands where files were put together), NUL.
    private static bool IsInvisible(char c) => c is '\u200B' or '\u2060' or '\uFEFF' or '\0';

    private static bool HasWhiteSpace(ReadOnlySpan<char> text)
    {
        foreach (char letter in text)
        {
            if (Separates(letter))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+(:[0-9]+)?/", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, PatternMilliseconds)]
    private static partial Regex HostAndPath();

    [GeneratedRegex("^([A-Za-z][A-Za-z0-9+.-]*://|data:|blob:|file:)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, PatternMilliseconds)]
    private static partial Regex Scheme();
}
