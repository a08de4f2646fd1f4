using System.Security.Cryptography;
using System.Text;

namespace Koalarization.Koala.Pages;

/// <summary>
/// A self-contained HTML page: one file, nothing loaded, nothing sent. Its policy (CSP) allows pictures from within the page, and the one style and the one
/// script that it has, by their hashes. Everything but the order of the pictures works without the script.
/// </summary>
internal sealed class HtmlPage : IDisposable
{
    private const string Beginning = "<!doctype html>";

    private static readonly string Style = Resource("page.css");
    private static readonly string Script = Resource("page.js");

    private readonly string _path;
    private readonly StreamWriter _page;
    private int _headings;
    private bool _sectionIsOpen;
    private bool _hasOrder;

    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="title">The title, and the first heading.</param>
    public HtmlPage(string path, string title)
    {
        _path = path;
        _page = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        _page.WriteLine(
            $"""
            {Beginning}
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src {Hash(Style)}; script-src {Hash(Script)}; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>{HtmlText.Of(title)}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{HtmlText.OfName(title)}</h1>
            """);
    }

    /// <summary>Whether a file may be replaced by a page: it is one, or is empty. With OUT forgotten, the next argument is a record, which must not be overwritten.</summary>
    public static bool IsPage(string path)
    {
        Span<byte> start = stackalloc byte[Beginning.Length];
        using FileStream file = File.OpenRead(path);
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return read == 0 || Encoding.ASCII.GetString(start[..read]) == Beginning;
    }

    /// <summary>Begins a section.</summary>
    public void Heading(string text)
    {
        EndSection();
        string id = $"section-{++_headings}";
        Html($"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{HtmlText.OfName(text)}</h2>");
        _sectionIsOpen = true;
    }

    public void Paragraph(string text, PageTone tone = PageTone.Plain) =>
        Html(tone == PageTone.Plain ? $"<p>{HtmlText.Of(text)}</p>" : $"<p class=\"{ClassOf(tone)}\">{HtmlText.Of(text)}</p>");

    /// <summary>The choice of the pictures' order. The script shows it.</summary>
    public void OrderChoice()
    {
        _hasOrder = true;
        Html(
            """
            <p class="order" id="order" hidden><label>Order of the pictures of each record
            <select>
            <option value="record" selected>as in the record</option>
            <option value="name">by name</option>
            <option value="chroma-up">by chroma, the grayest first</option>
            <option value="chroma-down">by chroma, the most colourful first</option>
            <option value="logit-down">by largest logit, the largest first</option>
            <option value="logit-up">by largest logit, the smallest first</option>
            </select></label></p>
            """);
    }

    /// <summary>Adds HTML as it is.</summary>
    public void Html(string html) => _page.WriteLine(html);

    /// <summary>The class of a tone in the style.</summary>
    public static string ClassOf(PageTone tone) => tone.ToString().ToLowerInvariant();

    /// <summary>Ends the page.</summary>
    /// <returns>The file's size in bytes.</returns>
    public long Complete()
    {
        EndSection();
        Html(_hasOrder ? $"</main>\n<script>{Script}</script>\n</body>\n</html>" : "</main>\n</body>\n</html>");
        _page.Dispose();
        return new FileInfo(_path).Length;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _page.Dispose();

    private static string Hash(string source) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(source)))}'";

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream(name)!);

        // A browser reads "\r\n" as "\n" before it takes the hash.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private void EndSection()
    {
        if (_sectionIsOpen)
        {
            Html("</section>");
            _sectionIsOpen = false;
        }
    }
}
