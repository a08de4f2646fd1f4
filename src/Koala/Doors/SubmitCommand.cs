using System.CommandLine;
using Koalarization.Cluster;
using Koalarization.Dataset;
using Koalarization.Imaging;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Resize;
using Koalarization.Records;

namespace Koalarization.Koala.Doors;

/// <summary><c>koala submit LINKS DATA</c>.</summary>
internal sealed class SubmitCommand : ControlCommand
{
    private readonly Argument<string> _source = new("LINKS")
    {
        Description = "List of links, one a line: a file, an http(s) URL, or an archive; or a folder of JPEG files; as the control nodes see it",
    };

    private readonly Argument<string> _data = new("DATA") { Description = "Where the data set goes: a folder relative to the store, or a full path below it" };
    private readonly Option<long?> _count = new("--count") { Description = "Take only COUNT links (default: all)", HelpName = "COUNT" };
    private readonly Option<long?> _skip = new("--skip") { Description = "Skip the first SKIP links", HelpName = "SKIP" };
    private readonly Option<PictureSize?> _size = new("--size")
    {
        Description = "Fit to SIZE x SIZE, or to W,H, on white (default 299; records need that)",
        HelpName = "SIZE|W,H",
        CustomParser = result => SizeOption.Parse(result),
    };

    private readonly ChoiceOption<JobsProtocol.JobEnd> _until = new("--until", "How far to go: download, resize or records", JobsProtocol.JobEnd.Records);
    private readonly Option<bool> _retryFailed = new("--retry-failed") { Description = "Try the links without a picture again; their pictures go into new records" };
    private readonly Option<bool?> _fanOut = new("--fanout")
    {
        Description = "Give picture folders a folder for each first two digits of the names (default: above a million links)",
    };

    private readonly Option<string?> _prefix = new("--image-name-prefix")
    {
        Description = "What stands before a picture's file name in image_name (default: DATA/resized/)",
        HelpName = "PREFIX",
    };

    private readonly Option<int?> _batchSize = new Option<int?>("--batch-size", "-b")
    {
        Description = "Pictures in a record; only a round's last one may have fewer (default: 500)",
        HelpName = "N",
    }.AtLeast(1);

    private readonly ChoiceOption<RecordCompression> _compression = new("--compression", "Compress the records: none, gzip or zlib", RecordCompression.None);

    private readonly ChoiceOption<RecordCompatibility> _compatibility = new(
        "--compat", "original: 224x224 colours, as the original's code writes them although its text says 299x299", RecordCompatibility.None);

    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "Only embedders with these weights: their SHA-256, random:SEED or simulated (default: those of the first that is ready)",
        HelpName = "WEIGHTS",
    };

    private readonly Option<string?> _precision = new("--precision")
    {
        Description = "Only embedders of this precision: fp32, or another with its device, such as bf16/cpu (default: as the weights)",
        HelpName = "PRECISION",
    };

    private readonly Option<bool> _wait = new("--wait") { Description = "Follow the job to its end" };

    public SubmitCommand(TimeProvider time)
        : base("submit", "Give a list of links to a cluster, which makes a data set of it", time)
    {
        _count.RefuseNegative();
        _skip.RefuseNegative();
        Add(_source);
        Add(_data);
        Add(_count);
        Add(_skip);
        Add(_size);
        Add(_batchSize);
        Add(_compression);
        Add(_compatibility);
        Add(_weights);
        Add(_precision);
        Add(_until);
        Add(_retryFailed);
        Add(_fanOut);
        Add(_prefix);
        Add(_wait);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala submit /mnt/store/urls.txt birds                    # the set goes to birds in the store; the same line again is the same job",
        "koala submit /mnt/store/urls.txt birds --wait             # and follow it to its end",
        "koala submit https://example.org/urls.txt.gz sets/test --count 10000",
        "koala submit /mnt/store/urls.txt birds --retry-failed     # another round for the links that gave no picture",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, ControlClient control, IReporter reporter, CancellationToken cancellation)
    {
        PictureSize? size = arguments.GetValue(_size);
        var spec = new JobsProtocol.JobSpec
        {
            Source = Source(arguments.GetRequiredValue(_source)),
            Data = arguments.GetRequiredValue(_data),
            Skip = arguments.GetValue(_skip),
            Count = arguments.GetValue(_count),
            Width = size?.Width,
            Height = size?.Height,
            FansOut = arguments.GetValue(_fanOut),
            ImageNamePrefix = arguments.GetValue(_prefix),
            Until = _until.Choice(arguments),
            RetryFailed = arguments.GetValue(_retryFailed),
            PicturesPerRecord = arguments.GetValue(_batchSize),
            Compression = Said(arguments, _compression),
            Compatibility = Said(arguments, _compatibility),
            Weights = arguments.GetValue(_weights),
            Precision = arguments.GetValue(_precision),
        };
        JobsProtocol.JobAccepted accepted = await control.SubmitAsync(spec, cancellation);
        reporter.Result(new JobSubmitted(accepted.Job.Value, accepted.IsNew));
        return arguments.GetValue(_wait)
            ? JobWatch.CodeOf(await new JobWatch(control, reporter, Time).FollowAsync(accepted.Job.Value, cancellation))
            : ExitCode.Done;
    }

    // What is not said is the data set's own, or the usual.
    private static string? Said(ParseResult arguments, Option<string> option) =>
        arguments.GetResult(option) is { Implicit: false } ? arguments.GetValue(option) : null;

    private static string Source(string word) =>
        word is "" or "-" ? throw new UserErrorException(
            $"{(word == "" ? "the list's name is empty" : "a job cannot read standard input")}; give a file, a folder or a URL that every control node sees.",
            ExitCode.WrongUse)
        : JobSpecRules.IsUrl(word) ? word
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(word));
}
