using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Koalarization.Harvest.Links;

/// <summary>
/// The reader of versions up to 0.1, for data sets that were begun with it: lines of UTF-8, the URL is the last word and begins with <c>http</c>.
/// </summary>
internal static class FirstListReader
{
    /// <summary>The links of a text, in its order.</summary>
    public static async IAsyncEnumerable<Link> LinksAsync(Stream text, LinkListCounts counts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var lines = new ListLineReader(text, LinkSource.MaxLineBytes);
        bool first = true;
        while (await lines.FillAsync(cancellation))
        {
            while (NextLink(lines, counts, ref first) is { } link)
            {
                yield return link;
            }
        }
    }

    private static Link? NextLink(ListLineReader lines, LinkListCounts counts, ref bool first)
    {
        while (lines.TryNext(out ReadOnlySpan<byte> line, out bool tooLong))
        {
            ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
            line = first && line.StartsWith(mark) ? line[mark.Length..] : line;
            first = false;

            LinkLineKind kind = tooLong ? LinkLineKind.TooLong : LinkLineKind.NotUtf8;
            Link link = default;
            if (!tooLong && Utf8.IsValid(line))
            {
                kind = Parse(Encoding.UTF8.GetString(line), out link);
            }

            counts.Add(kind);
            if (kind == LinkLineKind.Link)
            {
                return link;
            }
        }

        return null;
    }

    private static LinkLineKind Parse(string line, out Link link)
    {
        link = default;
        if (line.StartsWith('#'))
        {
            return LinkLineKind.Comment;
        }

        int end = line.Length;
        while (end > 0 && UrlText.Separates(line[end - 1]))
        {
            end--;
        }

        int start = TextLink.LastWord(line.AsSpan(0, end));
        string url = line[start..end];
        if (!url.StartsWith("http", StringComparison.Ordinal))
        {
            return end == 0 ? LinkLineKind.Empty : LinkLineKind.NoUrl;
        }

        link = Link.Of(url, string.Concat(line[..start].SkipWhile(UrlText.Separates).Reverse().SkipWhile(UrlText.Separates).Reverse()));
        return LinkLineKind.Link;
    }
}
