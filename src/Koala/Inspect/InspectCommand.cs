using System.CommandLine;
using Koalarization.Imaging.Jpeg;
using Koalarization.Inception.Labels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Records.Framing;

namespace Koalarization.Koala.Inspect;

/// <summary><c>koala inspect FILE|DIR... [--json] [--html OUT] [--labels FILE]</c>.</summary>
internal sealed class InspectCommand : KoalaCommand
{
    private const long RowsShown = 20;
    private const long PicturesOnPage = 200;

    private readonly Argument<string[]> _files = new("FILE") { Description = "TFRecord files, compressed or not, folders (a data set, or its records), or JPEG files", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _html = new("--html") { Description = "Write an HTML page with each picture rebuilt from its record", HelpName = "OUT" };
    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "Class names: imagenet1000_clsid_to_human.pkl, or a text file with one name per line",
        HelpName = "FILE",
    };

    private readonly Option<int?> _limit = new Option<int?>("--limit")
    {
        Description = "Pictures to show per file (default: 20 as text, 0 for folders; 200 on a page, 200 in total for folders; all as JSON)",
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
        if (html is not null && File.Exists(html) && !RecordPage.IsPage(html))
        {
            throw new UserErrorException($"{html} exists and is not a page written by koala; choose another name for --html.", ExitCode.UsageError);
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
                if (!IsReportedAsPicture(set, file, sum, reporter))
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
        long pictures = 0;
        IJpegCodec codec = JpegCodecs.Default;
        using (var page = new RecordPage(html, sets is [{ Set.Files: [string only] }] ? Path.GetFileName(only) : $"{sets.Sum(set => set.Set.Files.Count)} TFRecords"))
        {
            page.Paragraph("Each picture rebuilt from its record: luminance alone, and luminance with colours, with the five largest logits.", "soft");
            foreach ((RecordPaths set, long limit) in sets)
            {
                var sum = new FolderSum(set);
                foreach (string file in set.Files)
                {
                    if (IsReportedAsPicture(set, file, sum, reporter))
                    {
                        continue;
                    }

                    page.Heading(file);
                    if (inspector.NetworkOf(file) is string network)
                    {
                        page.Paragraph("Network: " + network, network.Contains("not for training", StringComparison.Ordinal) ? "warn" : "soft");
                    }

                    Try(file, sum, () => inspector.Inspect(file, limit, (result, picture) => pictures += page.Show(result, picture, codec), cancellation), result =>
                    {
                        page.Close(result);
                        reporter.Result(result);
                    });
                }

                sum.Report(result =>
                {
                    page.Heading(set.Folder!);
                    page.Close(result);
                    reporter.Result(result);
                });
                damaged += sum.Damaged;
            }
        }

        reporter.Result(new PageWritten(html, pictures));
        return damaged;
    }

    private static bool IsReportedAsPicture(RecordPaths set, string file, FolderSum sum, IReporter reporter)
    {
        if (set.Folder is not null || !PictureInspector.IsPicture(file))
        {
            return false;
        }

        JpegInspected picture = PictureInspector.Inspect(file);
        if (picture.Fault is not null)
        {
            sum.AddDamaged();
        }

        reporter.Result(picture);
        return true;
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
