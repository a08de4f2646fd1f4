using Koalarization.Demo;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Inspect;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Demo;

/// <summary>The page that shows what the demo made, and how.</summary>
internal static class DemoPage
{
    /// <summary>Writes the page and says how many pictures are on it.</summary>
    public static int Write(DemoFolder folder, DemoWorld world, IReadOnlyList<string> commands, TimeSpan took, CancellationToken cancellation)
    {
        int pictures = 0;
        IJpegCodec codec = JpegCodecs.Default;
        var inspector = new RecordInspector(new LogitNames(labels: null));
        using var page = new RecordPage(folder.Page, "Koalarization: from links to TFRecords");
        page.Paragraph(
            $"{world.ExpectedSurvivors.Count} links led to good pictures; the others were dead, hanging, cut off, or no JPEG. " +
            $"The first command made the records below from them, was killed in the middle, and went on when it was started again; the second one found nothing amiss. " +
            $"All that took {Durations.InWords(took)}:");
        page.Commands(commands);
        page.Paragraph("The network's weights are random here, so its logits mean nothing; leave --checkpoint out to use the paper's network.", "warn");
        page.Paragraph(
            "Each picture as its record holds it: luminance alone, which the colouriser is given, and rebuilt from luminance and colours, which it should find.",
            "soft");
        foreach (string file in Directory.GetFiles(folder.Records, "*.tfrecord").Order(StringComparer.Ordinal))
        {
            page.Heading(Path.GetFileName(file));
            RecordInspected record = inspector.Inspect(file, long.MaxValue, (told, picture) => pictures += page.Show(told, picture, codec), cancellation);
            page.Close(record);
        }

        return pictures;
    }
}
