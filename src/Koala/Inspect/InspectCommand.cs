using System.CommandLine;
using Koalarization.Imaging;
using Koalarization.Inception.Labels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Records;

namespace Koalarization.Koala.Inspect;

/// <summary><c>koala inspect FILE... [--json] [--html OUT] [--labels FILE]</c>.</summary>
internal sealed class InspectCommand : KoalaCommand
{
    private const long RowsShown = 20;
    private const long PicturesOnPage = 200;

    private readonly Argument<string[]> _files = new("FILE") { Description = "TFRecord files", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _html = new("--html") { Description = "Write a page with each picture rebuilt from its record", HelpName = "OUT" };
    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "Class names: imagenet1000_clsid_to_human.pkl, or a text file with one name a line",
        HelpName = "FILE",
    };

    private readonly Option<int?> _limit = new("--limit")
    {
        Description = "Records shown of each file (default: 20 as text, 200 on a page, all as JSON)",
        HelpName = "N",
    };

    public InspectCommand(TimeProvider time)
        : base("inspect", "Show what is in TFRecords", time)
    {
        Add(_files);
        Add(_html);
        Add(_labels);
        Add(_limit);
        _limit.RefuseNegative();
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala inspect data/tfrecords/lab_images_0.tfrecord",
        "koala inspect data/tfrecords/*.tfrecord --html records.html --labels imagenet1000_clsid_to_human.pkl",
        "koala inspect data/tfrecords/lab_images_0.tfrecord --json | jq .name",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string[] files = arguments.GetRequiredValue(_files);
        foreach (string file in files)
        {
            if (!File.Exists(file))
            {
                string why = Directory.Exists(file) ? $"{file} is a folder; name its files, such as {file.TrimEnd('/')}/*.tfrecord." : $"there is no file {file}.";
                throw new UserErrorException(why);
            }
        }

        string? html = arguments.GetValue(_html);
        if (html is not null && File.Exists(html) && !RecordPage.IsPage(html))
        {
            throw new UserErrorException($"{html} is there and is no page of this program; give --html another name.", ExitCode.WrongUse);
        }

        bool json = arguments.GetValue(CommonOptions.Json);
        long limit = arguments.GetValue(_limit) ?? (html is not null ? PicturesOnPage : json ? long.MaxValue : RowsShown);
        string? labels = arguments.GetValue(_labels);
        var inspector = new RecordInspector(new LogitNames(labels is null ? null : ImageNetLabels.Load(labels)), limit);
        int damaged = html is null
            ? Tell(files, inspector, reporter, cancellation)
            : WritePage(html, files, inspector, reporter, cancellation);
        return Task.FromResult(damaged == 0 ? ExitCode.Done : damaged == files.Length ? ExitCode.Failed : ExitCode.SomethingLeftOut);
    }

    private static int Tell(string[] files, RecordInspector inspector, IReporter reporter, CancellationToken cancellation)
    {
        int damaged = 0;
        foreach (string file in files)
        {
            try
            {
                reporter.Result(inspector.Inspect(file, (record, _) => reporter.Result(record), cancellation));
            }
            catch (TFRecordException exception)
            {
                reporter.Result(new FileDamaged(file, exception.Message));
                damaged++;
            }
        }

        return damaged;
    }

    private static int WritePage(string html, string[] files, RecordInspector inspector, IReporter reporter, CancellationToken cancellation)
    {
        int damaged = 0;
        long pictures = 0;
        IJpegCodec codec = JpegCodecs.Default;
        using (var page = new RecordPage(html, files.Length == 1 ? Path.GetFileName(files[0]) : $"{files.Length} TFRecords"))
        {
            page.Paragraph("Each picture as its record holds it: luminance alone, and rebuilt from luminance and colours, with the five largest logits.", "soft");
            foreach (string file in files)
            {
                page.Heading(file);
                if (inspector.NetworkOf(file) is string network)
                {
                    page.Paragraph("Network: " + network, network.Contains("not for training", StringComparison.Ordinal) ? "warn" : "soft");
                }

                try
                {
                    RecordInspected record = inspector.Inspect(file, (told, picture) => pictures += page.Show(told, picture, codec), cancellation);
                    page.Close(record);
                    reporter.Result(record);
                }
                catch (TFRecordException exception)
                {
                    page.Close(exception.Message);
                    reporter.Result(new FileDamaged(file, exception.Message));
                    damaged++;
                }
            }
        }

        reporter.Result(new PageWritten(html, pictures));
        return damaged;
    }
}
