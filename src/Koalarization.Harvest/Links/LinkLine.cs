namespace Koalarization.Harvest.Links;

/// <summary>
/// Reads one line of a link list as the original's <c>download</c> does: the URL is the last word, and words are what
/// Python's <c>str.split</c> takes for words.
/// </summary>
public static class LinkLine
{
    /// <summary>Parses a line without its line end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="link">The link, when the result is true.</param>
    /// <param name="kind">What the line is, link or not.</param>
    /// <returns>Whether the line holds a link.</returns>
    public static bool TryParse(ReadOnlySpan<char> line, out Link link, out LinkLineKind kind)
    {
        link = default;
        if (line.StartsWith('#'))
        {
            kind = LinkLineKind.Comment;
            return false;
        }

        ReadOnlySpan<char> words = TrimEnd(line);
        if (words.IsEmpty)
        {
            kind = LinkLineKind.Empty;
            return false;
        }

        int start = words.Length;
        while (start > 0 && !Separates(words[start - 1]))
        {
            start--;
        }

        ReadOnlySpan<char> url = words[start..];
        if (!url.StartsWith("http", StringComparison.Ordinal))
        {
            kind = LinkLineKind.NoUrl;
            return false;
        }

        kind = LinkLineKind.Link;
        link = Link.Of(url.ToString(), TrimStart(TrimEnd(words[..start])).ToString());
        return true;
    }

    /// <summary>Python's <c>str.isspace</c>: Unicode white space and the four information separators.</summary>
    private static bool Separates(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    private static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && Separates(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }

    private static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && Separates(text[0]))
        {
            text = text[1..];
        }

        return text;
    }
}
