using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Koalarization.Integration.Pages;

/// <summary>A page, read by what a browser would take for tags: nothing but the elements and attributes that pages have may be among them.</summary>
internal sealed class PageHtml(string html)
{
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly string[] Elements =
    [
        "html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "p", "ol", "ul", "li", "figure", "figcaption", "div", "img", "span", "b", "bdi",
        "wbr", "a", "svg", "rect", "label", "select", "option", "script", "code", "table", "caption", "thead", "tbody", "tr", "th", "td",
    ];

    private static readonly string[] Attributes =
    [
        "lang", "charset", "http-equiv", "content", "name", "id", "class", "aria-labelledby", "aria-hidden", "href", "rel", "src", "alt", "loading", "decoding", "width",
        "height", "title", "data-name", "data-chroma", "data-logit", "value", "selected", "hidden", "scope",
    ];

    public string Html => html;

    public string Style => Between("<style>", "</style>");

    public string Script => Between("<script>", "</script>");

    /// <summary>The policy of the page.</summary>
    public string Policy => Regex.Match(html, "<meta http-equiv=\"Content-Security-Policy\" content=\"(?<policy>[^\"]*)\">", Options, Timeout).Groups["policy"].Value;

    /// <summary>Each value of an attribute, decoded.</summary>
    public IReadOnlyList<string> Values(string attribute) =>
        [.. Regex.Matches(Body, $"<[^>]* {attribute}=\"(?<value>[^\"]*)\"", Options, Timeout).Select(match => WebUtility.HtmlDecode(match.Groups["value"].Value))];

    /// <summary>The text of each element of a class, decoded.</summary>
    public IReadOnlyList<string> Texts(string element, string kind = "") =>
    [
        .. Regex.Matches(Body, $"<{element}{(kind.Length > 0 ? $" class=\"{kind}\"" : "")}( [^>]*)?>(?<text>.*?)</{element}>", Options | RegexOptions.Singleline, Timeout)
            .Select(match => WebUtility.HtmlDecode(Regex.Replace(match.Groups["text"].Value, "<[^>]*>", "", Options, Timeout))),
    ];

    /// <summary>How many elements of a name there are.</summary>
    public int Count(string element) => Regex.Count(Body, $"<{element}[ >]", Options, Timeout);

    /// <summary>Checks that names and URLs are text, that nothing is loaded, and that the policy allows the page's own style and script and no other.</summary>
    public void AssertSafe()
    {
        Assert.Equal(
            $"default-src 'none'; img-src data:; style-src {Hash(Style)}; script-src {Hash(Script)}; base-uri 'none'; form-action 'none'",
            Policy);
        Assert.All(
            Regex.Matches(Body, "<[^>]*>?", Options, Timeout).Skip(1).Select(match => match.Value),
            tag => Assert.Matches($"^<(/({string.Join('|', Elements)})|({string.Join('|', Elements)})( ({string.Join('|', Attributes)})(=\"[^\"<>]*\")?)*/?)>$", tag));
        Assert.All(Values("src"), value => Assert.StartsWith("data:image/jpeg;base64,", value, StringComparison.Ordinal));
        Assert.All(Values("href"), value => Assert.Matches("^(?i)https?://", value));
        Assert.DoesNotContain("url(", Style, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", Style, StringComparison.OrdinalIgnoreCase);
    }

    // All but the style and the script: their text is no HTML.
    private string Body => html.Replace(Style, "", StringComparison.Ordinal).Replace(Script, "", StringComparison.Ordinal);

    private static string Hash(string source) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(source)))}'";

    private string Between(string start, string end)
    {
        int at = html.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return html[at..html.IndexOf(end, at, StringComparison.Ordinal)];
    }
}
