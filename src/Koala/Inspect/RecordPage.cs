using System.Buffers;
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Pages;
using Koalarization.Koala.Reporting;
using Koalarization.Records.Examples;

namespace Koalarization.Koala.Inspect;

/// <summary>Puts records on a page: a section for each file, in it each picture rebuilt from its record.</summary>
/// <param name="page">The page; stays the caller's.</param>
/// <param name="index">What the pictures come from.</param>
internal sealed class RecordPage(HtmlPage page, PictureIndex index)
{
    private const int JpegQuality = 88;

    private readonly IJpegCodec _codec = JpegCodecs.Default;
    private bool _listIsOpen;
    private long _shown;

    /// <summary>The pictures on the page.</summary>
    public long Pictures { get; private set; }

    /// <summary>Begins a file.</summary>
    public void Open(string file)
    {
        page.Heading(file);
        _shown = 0;
    }

    /// <summary>Adds a picture, or in its place what the record has.</summary>
    public void Show(ReportEvent result, LabRecord? record)
    {
        if (record is null || result is not PictureInspected picture)
        {
            CloseList();
            page.Paragraph(result.Sentence.Trim());
            return;
        }

        if (!_listIsOpen)
        {
            page.Html("<ul class=\"pictures\">");
            _listIsOpen = true;
        }

        (byte[] colour, byte[] gray) = Rebuild(record);
        page.Html(PictureCard.Html(picture, index.Of(picture), colour, gray));
        _shown++;
        Pictures++;
    }

    /// <summary>Ends a file with its summary or its damage.</summary>
    public void Close(ReportEvent result)
    {
        CloseList();
        if (result is RecordInspected record && _shown < record.Pictures)
        {
            page.Paragraph(_shown == 0 ? "No picture is shown; --limit shows them." : $"The first {_shown:N0} of {record.Pictures:N0} pictures are shown; --limit {record.Pictures} shows all.");
        }

        page.Paragraph(result.Sentence, result is FileDamaged or JpegInspected { Fault: not null } ? PageTone.Bad : PageTone.Soft);
    }

    private void CloseList()
    {
        if (_listIsOpen)
        {
            page.Html("</ul>");
            _listIsOpen = false;
        }
    }

    // The target of the colouriser, and its input.
    private (byte[] Colour, byte[] Gray) Rebuild(LabRecord record)
    {
        using Picture picture = Picture.Rent(record.Size, record.Size, 3);
        LabToRgb.Convert(record.Luminance, record.Ab, picture.Pixels);
        byte[] colour = Encode(picture);
        LabToRgb.Convert(record.Luminance, new float[record.Ab.Length], picture.Pixels);
        return (colour, Encode(picture));
    }

    private byte[] Encode(Picture picture)
    {
        var bytes = new ArrayBufferWriter<byte>();
        _codec.Encode(picture, JpegQuality, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
