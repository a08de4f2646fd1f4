using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Reporting;
using Koalarization.Records.Examples;

namespace Koalarization.Koala.Inspect;

/// <summary>A self-contained HTML page of pictures rebuilt from records.</summary>
internal sealed class RecordPage : IDisposable
{
    private const string Style =
        """
        :root { color-scheme: light dark; --line: #8884; --soft: #737373; --bar: #3b82f6; --warn: #d97706 }
        * { box-sizing: border-box }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 1320px; padding: 2rem 1.25rem 4rem }
        h1 { font-size: 1.6rem; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 2.2rem 0 .2rem; overflow-wrap: anywhere }
        p { margin: .3rem 0; max-width: 110ch } .soft { color: var(--soft) } .warn { color: var(--warn); font-weight: 600 }
        pre { border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; overflow-x: auto; font-size: .85rem }
        table { border-collapse: collapse; margin: .6rem 0 } td, th { text-align: left; padding: .15rem 1.2rem .15rem 0; font-variant-numeric: tabular-nums }
        .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(290px, 1fr)); gap: 1rem; margin-top: .8rem }
        figure { margin: 0; border: 1px solid var(--line); border-radius: 10px; overflow: hidden }
        .pair { display: grid; grid-template-columns: 1fr 1fr } .pair img { width: 100%; display: block }
        figcaption { padding: .55rem .7rem .7rem; font-size: .8rem } .name { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
        .logit { display: grid; grid-template-columns: 1fr auto; gap: 0 .6rem; position: relative; padding: .05rem .3rem; margin-top: .12rem }
        .logit::before { content: ""; position: absolute; inset: 0 auto 0 0; width: var(--w); background: var(--bar); opacity: .18; border-radius: 3px }
        .logit span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
        """;

    private const int JpegQuality = 88;
    private const string Beginning = "<!doctype html>";

    private readonly StreamWriter _page;
    private bool _gridIsOpen;

    public RecordPage(string path, string title)
    {
        _page = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        _page.Write(
            $"""
            {Beginning}
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(title)}</title>
            <style>
            {Style}
            </style>
            <h1>{Text(title)}</h1>

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

    public void Paragraph(string text, string kind = "") => _page.WriteLine($"<p class=\"{kind}\">{Text(text)}</p>");

    public void Commands(IEnumerable<string> lines) => _page.WriteLine($"<pre>{Text(string.Join('\n', lines))}</pre>");

    public void Heading(string text)
    {
        CloseGrid();
        _page.WriteLine($"<h2>{Text(text)}</h2>");
    }

    /// <summary>Adds a record, and returns the number of pictures added.</summary>
    public int Show(ReportEvent result, LabRecord? record, IJpegCodec codec)
    {
        if (record is null || result is not PictureInspected picture)
        {
            CloseGrid();
            Paragraph(result.Sentence);
            return 0;
        }

        (byte[] gray, byte[] colour) = Rebuild(record, codec);
        AddPicture(picture.Name, gray, colour, picture.Largest);
        return 1;
    }

    /// <summary>Ends a file's pictures with the summary of the file, or its damage.</summary>
    public void Close(ReportEvent result)
    {
        CloseGrid();
        Paragraph(result.Sentence, result is FileDamaged ? "warn" : "soft");
    }

    public void Dispose()
    {
        CloseGrid();
        _page.WriteLine("</html>");
        _page.Dispose();
    }

    // The gray picture, the rebuilt colours, and the largest logits in descending order.
    private void AddPicture(string name, ReadOnlySpan<byte> grayJpeg, ReadOnlySpan<byte> colourJpeg, IReadOnlyList<NamedLogit> largest)
    {
        if (!_gridIsOpen)
        {
            _page.WriteLine("<div class=\"grid\">");
            _gridIsOpen = true;
        }

        _page.WriteLine(
            $"""
            <figure><div class="pair"><img loading="lazy" alt="luminance" src="{DataUri(grayJpeg)}"><img loading="lazy" alt="rebuilt colours" src="{DataUri(colourJpeg)}"></div>
            <figcaption><div class="name" title="{Text(name)}">{Text(Path.GetFileName(name))}</div>
            """);
        float top = largest.Count > 0 ? Math.Max(largest[0].Value, float.Epsilon) : 1;
        foreach (NamedLogit logit in largest)
        {
            string width = Math.Clamp(100 * logit.Value / top, 0, 100).ToString("0", CultureInfo.InvariantCulture);
            _page.WriteLine($"<div class=\"logit\" style=\"--w:{width}%\"><span title=\"{Text(logit.Name)}\">{Text(logit.Name)}</span><b>{logit.Value:0.00}</b></div>");
        }

        _page.WriteLine("</figcaption></figure>");
    }

    private static string DataUri(ReadOnlySpan<byte> jpeg) => "data:image/jpeg;base64," + Convert.ToBase64String(jpeg);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private void CloseGrid()
    {
        if (_gridIsOpen)
        {
            _page.WriteLine("</div>");
            _gridIsOpen = false;
        }
    }

    // The input of the colouriser, and its target.
    private static (byte[] Gray, byte[] Colour) Rebuild(LabRecord record, IJpegCodec codec)
    {
        using Picture picture = Picture.Rent(record.Size, record.Size, 3);
        LabToRgb.Convert(record.Luminance, record.Ab, picture.Pixels);
        byte[] colour = Encode(picture, codec);
        LabToRgb.Convert(record.Luminance, new float[record.Ab.Length], picture.Pixels);
        return (Encode(picture, codec), colour);
    }

    private static byte[] Encode(Picture picture, IJpegCodec codec)
    {
        var bytes = new ArrayBufferWriter<byte>();
        codec.Encode(picture, JpegQuality, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
