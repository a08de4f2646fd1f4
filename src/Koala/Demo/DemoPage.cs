using System.Text;
using Koalarization.Dataset.Wording;
using Koalarization.Demo;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Failures;
using Koalarization.Koala.Inspect;
using Koalarization.Koala.Pages;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Demo;

/// <summary>The HTML page with the result of the demo.</summary>
internal static class DemoPage
{
    /// <summary>Writes the page and returns the number of pictures on it.</summary>
    /// <param name="folder">The demo's files.</param>
    /// <param name="world">What the list led to.</param>
    /// <param name="steps">The commands; the last one checked the data set.</param>
    /// <param name="cancellation">Stops writing.</param>
    public static int Write(DemoFolder folder, DemoWorld world, IReadOnlyList<DemoStep> steps, CancellationToken cancellation)
    {
        string[] files = [.. Directory.GetFiles(folder.Records, "*.tfrecord").Order(StringComparer.Ordinal)];
        var links = new FailedLinks(folder.Data);
        FailedLink[] failed = [.. links.Read()];
        using var page = new HtmlPage(folder.Page, "Koalarization: from links to TFRecords");
        page.Paragraph(
            $"A list of {links.Links} links: {world.ExpectedSurvivors.Count} lead to good pictures, and the others are dead, stalled, truncated or not JPEG. " +
            $"koala fetched them from a web server of its own{(steps[0].ExitCode is null ? ", was killed halfway, resumed," : "")} and wrote {Amount.Of(files.Length, "TFRecord file")}.");
        page.Paragraph("The network's weights are random here, so its classes mean nothing; without --checkpoint the paper's network is used.", PageTone.Warn);

        page.Heading("What happened");
        page.Html(Steps(steps, world.ExpectedSurvivors.Count, files.Length));

        page.Heading($"Links without a picture: {failed.Length}");
        page.Html(Table(failed));

        page.Heading("The pictures");
        page.Paragraph(
            "Each is rebuilt from its record: on the left luminance with colours, the target of the colouriser, on the right luminance alone, its input. Below are the " +
            "five classes with the largest logits and their probabilities (softmax over all logits).",
            PageTone.Soft);
        page.OrderChoice();
        var inspector = new RecordInspector(new LogitNames(labels: null));
        var records = new RecordPage(page, new PictureIndex(files.Select(file => (file, long.MaxValue))));
        foreach (string file in files)
        {
            records.Open(Path.GetFileName(file));
            records.Close(inspector.Inspect(file, long.MaxValue, records.Show, cancellation));
        }

        page.Complete();
        return (int)records.Pictures;
    }

    private static string Steps(IReadOnlyList<DemoStep> steps, int expected, int files)
    {
        var html = new StringBuilder("<ol class=\"steps\">\n");
        for (int i = 0; i < steps.Count; i++)
        {
            (string text, PageTone tone) = i == steps.Count - 1 ? Checked(steps[i]) : Ran(steps[i], isFirst: i == 0, expected, files);
            html.Append($"<li><code>{string.Join(' ', steps[i].Command.Split(' ').Select(word => $"<span>{HtmlText.Of(word)}</span>"))}</code> <span class=\"{HtmlPage.ClassOf(tone)}\">{HtmlText.Of(text)}</span></li>\n");
        }

        return html.Append("</ol>").ToString();
    }

    private static (string Text, PageTone Tone) Ran(DemoStep step, bool isFirst, int expected, int files) => step.ExitCode switch
    {
        null => ($"{Started(step)} Killed (SIGKILL) {Ended(step)}, with {step.Pictures} of {expected} pictures fetched.", PageTone.Warn),
        _ when isFirst => ($"{Started(step)} Finished {Ended(step)}, before it could be killed.", PageTone.Plain),
        _ => ($"The same command again. {Started(step)} Finished {Ended(step)}, with {step.Pictures} of {expected} pictures in {Amount.Of(files, "file")}.", PageTone.Plain),
    };

    private static (string Text, PageTone Tone) Checked(DemoStep step) => step.ExitCode == ExitCode.Done
        ? ($"{Started(step)} Finished {Ended(step)}: no problems. Every checksum, count and name is right; the data set is whole.", PageTone.Plain)
        : ($"{Started(step)} Finished {Ended(step)}, and found problems; its output names them.", PageTone.Bad);

    private static string Started(DemoStep step) => $"Started {Durations.Format(step.Start)} into the demo.";

    private static string Ended(DemoStep step) => $"{Durations.Format(step.Took)} later";

    private static string Table(IEnumerable<FailedLink> failed)
    {
        var html = new StringBuilder(
            """
            <table>
            <caption>Each link has one outcome; koala failures shows them by reason and host.</caption>
            <thead><tr><th scope="col">Link</th><th scope="col">Outcome</th><th scope="col">Detail</th></tr></thead>
            <tbody>

            """);
        foreach (FailedLink link in failed.OrderBy(link => link.Outcome, StringComparer.Ordinal).ThenBy(link => link.Url, StringComparer.Ordinal))
        {
            html.Append($"<tr><td>{HtmlText.OfName(link.Url)}</td><td>{HtmlText.Of(link.Outcome)}</td><td>{HtmlText.Of(link.Detail)}</td></tr>\n");
        }

        return html.Append("</tbody>\n</table>").ToString();
    }
}
