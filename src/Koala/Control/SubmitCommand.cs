using System.CommandLine;
using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Dataset.Composition;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Run;
using Koalarization.Pipeline.Jobs;
using Koalarization.Records.Compression;

namespace Koalarization.Koala.Control;

/// <summary><c>koala submit LINKS DATA</c>.</summary>
internal sealed class SubmitCommand : ControlCommand
{
    private readonly Argument<string> _source = new("LINKS")
    {
        Description = "List of links, one a line: a file, an http(s) URL, or an archive; or a folder of JPEG files; as the control nodes see it",
    };

    private readonly Argument<string> _data = new("DATA") { Description = "Where the data set goes: a folder relative to the store, or a full path below it" };
    private readonly JobOptions _job = new();
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
        Add(_source);
        Add(_data);
        _job.AddTo(this);
        Add(_batchSize);
        Add(_compression);
        Add(_compatibility);
        Add(_weights);
        Add(_precision);
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
        JobSpec spec = _job.Spec(arguments, Source(arguments.GetRequiredValue(_source)), arguments.GetRequiredValue(_data)) with
        {
            PicturesPerRecord = arguments.GetValue(_batchSize),
            Compression = arguments.GivenValue(_compression),
            Compatibility = arguments.GivenValue(_compatibility),
            Weights = arguments.GetValue(_weights),
            Precision = arguments.GetValue(_precision),
        };
        JobsProtocol.JobAccepted accepted = await control.SubmitAsync(spec, cancellation);
        reporter.Result(new JobSubmitted(accepted.Job.Value, accepted.IsNew));
        return arguments.GetValue(_wait)
            ? JobWatch.CodeOf(await new JobWatch(control, reporter, Time).FollowAsync(accepted.Job.Value, cancellation))
            : ExitCode.Done;
    }

    private static string Source(string word) =>
        word is "" or "-" ? throw new UserErrorException(
            $"{(word == "" ? "the list's name is empty" : "a job cannot read standard input")}; give a file, a folder or a URL that every control node sees.",
            ExitCode.WrongUse)
        : JobSpecValidator.IsUrl(word) ? word
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(word));
}
