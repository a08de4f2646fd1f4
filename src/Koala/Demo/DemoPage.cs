using Koalarization.Demo;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Inspect;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Demo;

/// <summary>The HTML page with the result of the demo.</summary>
internal static class DemoPage
{
    /// <summary>Writes the page and returns the number of pictures on it.</summary>
    public static int Write(DemoFolder folder, DemoWorld world, IReadOnlyList<string> commands, TimeSpan took, CancellationToken cancellation)
    {
        int pictures = 0;
        IJpegCodec codec = JpegCodecs.Default;
        var inspector = new RecordInspector(new LogitNames(labels: null));
        using var page = new RecordPage(folder.Page, "Koalarization: from links to TFRecords");
        page.Paragraph(
            $"{world.ExpectedSurvivors.Count} links led to good pictures; the others were dead, stalled, truncated, or not JPEG. " +
            $"The first command made the records below, was killed halfway, and resumed when it was run again; the second one found no problems. " +
            $"All of it took {Durations.Format(took)}:");
        page.Commands(commands);
        page.Paragraph("The network's weights are random here, so its logits mean nothing; omit --checkpoint to use the paper's network.", "warn");
        page.Paragraph(
            "Each picture rebuilt from its record: luminance alone, the input of the colouriser, and luminance with colours, its target.",
            "soft");
        foreach (string file in Directory.GetFiles(folder.Records, "*.tfrecord").Order(StringComparer.Ordinal))
        {
            page.Heading(Path.GetFileName(file));
            RecordInspected record = inspector.Inspect(file, long.MaxValue, (result, picture) => pictures += page.Show(result, picture, codec), cancellation);
            page.Close(record);
        }

        return pictures;
    }
}
