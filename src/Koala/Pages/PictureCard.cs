using System.Text;
using Koalarization.Koala.Inspect;

namespace Koalarization.Koala.Pages;

/// <summary>One picture of a record as HTML: its colours, its luminance, what it is, and its largest classes.</summary>
internal static class PictureCard
{
    /// <param name="picture">The picture.</param>
    /// <param name="source">Its link; null when it is not known.</param>
    /// <param name="colour">The rebuilt colours, as a JPEG.</param>
    /// <param name="gray">The luminance alone, as a JPEG.</param>
    public static string Html(PictureInspected picture, IndexedPicture? source, ReadOnlySpan<byte> colour, ReadOnlySpan<byte> gray)
    {
        string name = Path.GetFileName(picture.Name);
        var html = new StringBuilder();
        html.Append(
            $"""
            <li data-name="{HtmlText.Of(name)}" data-chroma="{picture.Chroma:R}" data-logit="{(picture.Largest.Count > 0 ? picture.Largest[0].Value : float.NaN):R}"><figure>
            <div class="pair">{Image("Rebuilt colours", name, picture.Size, colour)}{Image("Luminance", name, picture.Size, gray)}</div>
            <figcaption>

            """);
        if (source is { Url.Length: > 0 })
        {
            html.Append($"<p class=\"of\">{HtmlText.OfUrl(source.Url)}</p>\n");
        }

        if (source is { Words.Length: > 0 })
        {
            html.Append($"<p class=\"words\">{HtmlText.OfName(source.Words)}</p>\n");
        }

        string original = source is { Width.Length: > 0, Height.Length: > 0 } ? $", original {Size(source.Width, source.Height)}" : "";
        html.Append(
            $"""
            <p class="file" title="{HtmlText.Of(picture.Name)}">{HtmlText.OfName(name)}</p>
            <p class="facts">{HtmlText.Of($"{Size(picture.Size, picture.Size)}{original}, chroma\u00A0{Number(picture.Chroma, "0.0")}")}</p>
            <ol class="classes">

            """);
        foreach (NamedLogit logit in picture.Largest)
        {
            double share = double.IsFinite(logit.Probability) ? Math.Clamp(100 * logit.Probability, 0, 100) : 0;
            html.Append(
                    $"""
                <li title="logit {logit.Value:0.00}"><span>{HtmlText.Of(logit.Name)}</span> <b>{Number(100 * logit.Probability, "0.0")} %</b> <svg aria-hidden="true"><rect class="track" width="100%" height="100%"/><rect class="bar" width="{share:0.##}%" height="100%"/></svg></li>

                """);
        }

        return html.Append("</ol>\n</figcaption></figure></li>").ToString();
    }

    private static string Image(string what, string name, int size, ReadOnlySpan<byte> jpeg) =>
        $"<img loading=\"lazy\" decoding=\"async\" width=\"{size}\" height=\"{size}\" alt=\"{HtmlText.Of($"{what} of {name}")}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\">";

    private static string Size<T>(T width, T height) => $"{width}\u00A0×\u00A0{height}";

    // A damaged record may contain NaN.
    private static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format) : "–";
}
