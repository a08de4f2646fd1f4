using System.CommandLine;
using Koalarization.Dataset.Wording;
using Koalarization.Inception.Labels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Pages;
using Koalarization.Koala.Reporting;
using Koalarization.Records.Framing;

namespace Koalarization.Koala.Inspect;

/// <summary><c>koala inspect FILE|DIR... [--json] [--html OUT] [--labels FILE]</c>.</summary>
internal sealed class InspectCommand : KoalaCommand
{
    private const long RowsShown = 20;
    private const long PicturesOnPage = 500;

    private readonly Argument<string[]> _files = new("FILE") { Description = "TFRecord files, compressed or not, folders (a data set, or its records), or JPEG files", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _html = new("--html") { Description = "Write an HTML page, one file of about 40 kB a picture: each picture rebuilt from its record, with its URL and classes", HelpName = "OUT" };
    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "Class names: imagenet1000_clsid_to_human.pkl, or a text file with one name per line",
        HelpName = "FILE",
    };

    private readonly Option<int?> _limit = new Option<int?>("--limit")
    {
        Description = "Pictures to show per file (default: 20 as text, 0 for folders; 500 on a page, 500 in all for a folder; all as JSON)",
        HelpName = "N",
    }.Whole(0);

    public InspectCommand(TimeProvider time)
        : base("inspect", "Show the contents of TFRecords, or what is wrong with a JPEG", time)
    {
        Add(_files);
        Add(_html);
        Add(_labels);
        Add(_limit);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala inspect data/tfrecords/lab_images_0.tfrecord",
        "koala inspect data/tfrecords/*.tfrecord --html records.html --labels imagenet1000_clsid_to_human.pkl",
        "koala inspect data/tfrecords/lab_images_0.tfrecord --json | jq .name",
        "koala inspect photo.jpg                                            # what it is, and what is wrong with it",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        IReadOnlyList<RecordPaths> paths = RecordPaths.Of(arguments.GetRequiredValue(_files));
        string? html = arguments.GetValue(_html);
        if (html is not null)
        {
            Check(html);
        }

        bool json = arguments.GetValue(CommonOptions.Json);
        string? labels = arguments.GetValue(_labels);
        var inspector = new RecordInspector(new LogitNames(labels is null ? null : ImageNetLabels.Load(labels)));
        int? limit = arguments.GetValue(_limit);
        (RecordPaths Set, long Limit)[] sets = [.. paths.Select(set => (set, limit ?? DefaultLimit(set, html is not null, json)))];
        int damaged = html is null
            ? Print(sets, inspector, reporter, cancellation)
            : WritePage(html, sets, inspector, reporter, cancellation);
        return Task.FromResult(damaged == 0 ? ExitCode.Done : damaged == paths.Sum(set => set.Files.Count) ? ExitCode.Failed : ExitCode.Incomplete);
    }

    private static void Check(string html)
    {
        if (Directory.Exists(html))
        {
            throw new UserErrorException($"{html} is a folder; give --html the name of a page, such as {Path.Combine(html, "page.html")}.", ExitCode.UsageError);
        }

        if (Path.GetDirectoryName(Path.GetFullPath(html)) is string folder && !Directory.Exists(folder))
        {
            throw new UserErrorException($"{html} cannot be written, because there is no folder {folder}; create it first.", ExitCode.UsageError);
        }

        if (File.Exists(html) && !HtmlPage.IsPage(html))
        {
            throw new UserErrorException($"{html} exists and is not a page written by koala; choose another name for --html.", ExitCode.UsageError);
        }
    }

    private static string TitleOf((RecordPaths Set, long Limit)[] sets) => sets switch
    {
        [{ Set.Folder: string folder }] => folder,
        [{ Set.Files: [string file] }] => Path.GetFileName(file),
        _ => Amount.Of(sets.Sum(set => set.Set.Files.Count), "file"),
    };

    // A set has hundreds of records: for a folder, one line per file, or a page that a browser can still show.
    private static long DefaultLimit(RecordPaths set, bool onPage, bool json) => (onPage, json) switch
    {
        (true, _) => set.Folder is null ? PicturesOnPage : Math.Max(1, PicturesOnPage / set.Files.Count),
        (_, true) => long.MaxValue,
        _ => set.Folder is null ? RowsShown : 0,
    };

    private static int Print((RecordPaths Set, long Limit)[] sets, RecordInspector inspector, IReporter reporter, CancellationToken cancellation)
    {
        int damaged = 0;
        foreach ((RecordPaths set, long limit) in sets)
        {
            var sum = new FolderSum(set);
            foreach (string file in set.Files)
            {
                if (AsPicture(set, file, sum) is JpegInspected picture)
                {
                    reporter.Result(picture);
                }
                else
                {
                    Try(file, sum, () => inspector.Inspect(file, limit, (record, _) => reporter.Result(record), cancellation), reporter.Result);
                }
            }

            sum.Report(reporter.Result);
            damaged += sum.Damaged;
        }

        return damaged;
    }

    private static int WritePage(
        string html, (RecordPaths Set, long Limit)[] sets, RecordInspector inspector, IReporter reporter, CancellationToken cancellation)
    {
        int damaged = 0;
        using var page = new HtmlPage(html, TitleOf(sets));
        page.Paragraph(
            "Each picture rebuilt from its record: on the left its colours, on the right its luminance alone. Chroma is the mean distance of its colours from gray. " +
            "Below are the five classes with the largest logits and their probabilities (softmax over all logits).",
            PageTone.Soft);
        page.OrderChoice();
        var records = new RecordPage(page, new PictureIndex(sets.SelectMany(set => set.Set.Files.Select(file => (file, set.Limit)))));
        void Report(ReportEvent result)
        {
            records.Close(result);
            reporter.Result(result);
        }

        foreach ((RecordPaths set, long limit) in sets)
        {
            var sum = new FolderSum(set);
            foreach (string file in set.Files)
            {
                records.Open(file);
                if (AsPicture(set, file, sum) is JpegInspected picture)
                {
                    Report(picture);
                    continue;
                }

                if (inspector.NetworkOf(file) is string network)
                {
                    page.Paragraph("Network: " + network, network.Contains("not for training", StringComparison.Ordinal) ? PageTone.Warn : PageTone.Soft);
                }

                Try(file, sum, () => inspector.Inspect(file, limit, records.Show, cancellation), Report);
            }

            sum.Report(result =>
            {
                records.Open(set.Folder!);
                Report(result);
            });
            damaged += sum.Damaged;
        }

        reporter.Result(new PageWritten(html, records.Pictures, page.Complete()));
        return damaged;
    }

    // A file that was named and is a picture, or has a picture's name.
    private static JpegInspected? AsPicture(RecordPaths set, string file, FolderSum sum)
    {
        if (set.Folder is not null || !PictureInspector.IsPicture(file))
        {
            return null;
        }

        JpegInspected picture = PictureInspector.Inspect(file);
        if (picture.Fault is not null)
        {
            sum.AddDamaged();
        }

        return picture;
    }

    private static void Try(string file, FolderSum sum, Func<RecordInspected> inspect, Action<ReportEvent> report)
    {
        try
        {
            RecordInspected record = inspect();
            sum.Add(record);
            report(record);
        }
        catch (Exception exception) when (exception is TFRecordException or InvalidDataException)
        {
            sum.AddDamaged();
            report(new FileDamaged(file, exception.Message));
        }
    }
}
