using System.Buffers;
using System.Net;
using System.Text;

namespace Koalarization.Koala.Pages;

/// <summary>Text from a disk or the web as HTML, in which it stays text.</summary>
internal static class HtmlText
{
    private static readonly SearchValues<char> Separators = SearchValues.Create("/?&=#_,;+");

    /// <summary>For an element or a quoted attribute; control characters become U+FFFD.</summary>
    public static string Of(string text) => WebUtility.HtmlEncode(WithoutControls(text));

    /// <summary>
    /// For a name or a URL in an element: a long one is broken behind its separators rather than within a word, and its writing direction is its own.
    /// </summary>
    public static string OfName(string name)
    {
        var html = new StringBuilder("<bdi>");
        ReadOnlySpan<char> rest = WithoutControls(name);
        while (rest.IndexOfAny(Separators) is var at and >= 0)
        {
            int end = at + 1;
            bool breaks = end < rest.Length && !Separators.Contains(rest[end]);
            html.Append(WebUtility.HtmlEncode(rest[..end].ToString())).Append(breaks ? "<wbr>" : "");
            rest = rest[end..];
        }

        return html.Append(WebUtility.HtmlEncode(rest.ToString())).Append("</bdi>").ToString();
    }

    /// <summary>
    /// A link to a URL of the web; anything else, such as <c>javascript:</c>, is text alone. So is a URL of this machine, and one with a user's name and
    /// password, which are left out: pages are passed on.
    /// </summary>
    public static string OfUrl(string url)
    {
        string shown = WithoutUser(url);
        return shown == url && IsOfTheWeb(url) ? $"<a href=\"{Of(url)}\" rel=\"noopener noreferrer\">{OfName(url)}</a>" : OfName(shown);
    }

    private static bool IsOfTheWeb(string url) =>
        (url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        && Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && !uri.IsLoopback;

    // Also where the rest of the URL is wrong: a password may have any character but these.
    private static string WithoutUser(string url)
    {
        int start = url.IndexOf("//", StringComparison.Ordinal) + 2;
        int end = start < 2 ? -1 : url.AsSpan(start).IndexOfAny("/?#\\");
        int at = start < 2 ? -1 : url.LastIndexOf('@', end < 0 ? url.Length - 1 : start + end);
        return at < start ? url : $"{url[..start]}…{url[at..]}";
    }

    private static string WithoutControls(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)) : text;
}
