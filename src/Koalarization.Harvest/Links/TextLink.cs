namespace Koalarization.Harvest.Links;

/// <summary>
/// Reads one line of a list without columns. Where the original's <c>download</c> finds a link (the last word begins with <c>http</c>), it is the same
/// link, but for what is no part of a URL: quotes, brackets, a comma behind it. Where it finds none, a URL elsewhere on the line is taken.
/// </summary>
internal static class TextLink
{
    private static readonly string[] PictureEndings = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".svg"];

    /// <summary>Parses a line without its line end.</summary>
    public static LinkLineKind Parse(string line, out Link link)
    {
        link = default;
        if (line.StartsWith('#'))
        {
            return LinkLineKind.Comment;
        }

        ReadOnlySpan<char> text = UrlText.Trimmed(line);
        if (text.IsEmpty)
        {
            return LinkLineKind.Empty;
        }

        int start = LastWord(text);
        ReadOnlySpan<char> last = UrlText.Unwrapped(text[start..]);
        if (last.StartsWith("http", StringComparison.Ordinal) || UrlText.IsUrl(last))
        {
            link = Link.Of(UrlText.WithoutBlanks(last), UrlText.Trimmed(text[..start]).ToString());
            return LinkLineKind.Link;
        }

        int url = FirstUrl(text);
        if (url >= 0)
        {
            link = WithWordsBehind(text, url);
            return LinkLineKind.Link;
        }

        return KindOf(text);
    }

    /// <summary>
    /// The links of a line of nothing but URLs with commas, semicolons or bars between them, or in an array (<c>['http://a/1.jpg', 'http://a/2.jpg']</c>); null
    /// where it is no such line.
    /// </summary>
    public static IReadOnlyList<Link>? Several(string line)
    {
        if (line.AsSpan().IndexOfAny(",;|") < 0 || line.IndexOf("http", StringComparison.OrdinalIgnoreCase) == line.LastIndexOf("http", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var links = new List<Link>();
        ReadOnlySpan<char> text = UrlText.Trimmed(line);
        if (text is ['[' or '(' or '{', .., ']' or ')' or '}'])
        {
            text = UrlText.Trimmed(text[1..^1]);
        }

        for (int start = 0; start < text.Length;)
        {
            int end = start;
            while (end < text.Length && !(text[end] is ',' or ';' or '|' && BeginsUrl(text[(end + 1)..])))
            {
                end++;
            }

            ReadOnlySpan<char> field = UrlText.Unwrapped(text[start..end]);
            bool isAlone = UrlText.IsUrl(field) && field.IndexOfAny("\"'<> ") < 0 && (end == text.Length || !field.Contains('?') || EndsAsPicture(field));
            if (!isAlone)
            {
                return null;
            }

            links.Add(Link.Of(field.ToString()));
            start = end + 1;
        }

        return links.Count > 1 ? links : null;
    }

    private static bool BeginsUrl(ReadOnlySpan<char> text) => UrlText.IsUrl(UrlText.Trimmed(text).TrimStart("\"'<"));

    /// <summary>Where the last word of a text begins.</summary>
    internal static int LastWord(ReadOnlySpan<char> text)
    {
        int start = text.Length;
        while (start > 0 && !UrlText.Separates(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    // Where "http://" or "https://" begins a word or follows a sign: not in the middle of another URL's query.
    private static int FirstUrl(ReadOnlySpan<char> text)
    {
        for (int from = 0; from < text.Length;)
        {
            int at = text[from..].IndexOf("http", StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return -1;
            }

            at += from;
            ReadOnlySpan<char> rest = text[at..];
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase)))
            {
                return at;
            }

            from = at + 4;
        }

        return -1;
    }

    private static Link WithWordsBehind(ReadOnlySpan<char> text, int start)
    {
        ReadOnlySpan<char> before = text[..start], tail = text[start..];
        int end = before.IsEmpty ? -1 : before[^1] switch
        {
            '"' => tail.IndexOf('"'),
            '<' => tail.IndexOf('>'),
            '\u201C' => tail.IndexOf('\u201D'),
            '(' when before.EndsWith("](") => tail.IndexOf(')'),
            '\'' => tail.IndexOf('\''),
            _ => -1,
        };
        string between = " ";
        if (end < 0 && tail.IndexOf('\t') is var tab and >= 0)
        {
            (end, between) = (tab, "\t");
        }

        if (end < 0)
        {
            end = EndOfUrl(tail);
        }

        string url = UrlText.WithoutBlanks(UrlText.Unwrapped(tail[..end]));
        ReadOnlySpan<char> wordsBefore = UrlText.Trimmed(UrlText.Trimmed(before).TrimEnd("\"<'(,;|\u201C=")), wordsBehind = UrlText.Trimmed(UrlText.Trimmed(tail[end..]).TrimStart("\">'),;|\u201D"));
        return Link.Of(url, wordsBefore.IsEmpty || wordsBehind.IsEmpty ? $"{wordsBefore}{wordsBehind}" : $"{wordsBefore}{between}{wordsBehind}");
    }

    // "http://a/my photo 1.jpg" is a URL with blanks, "http://a/1.jpg my photo" one with words behind it.
    private static int EndOfUrl(ReadOnlySpan<char> tail)
    {
        int blank = 0;
        while (blank < tail.Length && !UrlText.Separates(tail[blank]))
        {
            blank++;
        }

        ReadOnlySpan<char> first = tail[..blank], last = UrlText.Unwrapped(tail[LastWord(tail)..]);
        bool lastIsPicture = EndsAsPicture(last);
        bool isOneUrl = EndsAsPicture(UrlText.Unwrapped(first)) ? lastIsPicture : lastIsPicture || last.IndexOfAny('/', '?', '=') >= 0;
        return isOneUrl ? tail.Length : blank;
    }

    /// <summary>Whether the path of a URL, or the end of one, has a picture's ending.</summary>
    internal static bool EndsAsPicture(ReadOnlySpan<char> url)
    {
        int end = url.IndexOfAny('?', '#');
        ReadOnlySpan<char> path = end < 0 ? url : url[..end];
        foreach (string ending in PictureEndings)
        {
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static LinkLineKind KindOf(ReadOnlySpan<char> text)
    {
        LinkLineKind kind = LinkLineKind.NoUrl;
        foreach (Range word in text.SplitAny(' ', '\t', ','))
        {
            kind = UrlText.KindOfOther(UrlText.Unwrapped(text[word]));
            if (kind != LinkLineKind.NoUrl)
            {
                return kind;
            }
        }

        return kind;
    }
}
