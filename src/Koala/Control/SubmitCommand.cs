using System.CommandLine;
using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Dataset.Composition;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Download;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Run;
using Koalarization.Pipeline.Jobs;
using Koalarization.Records.Compression;

namespace Koalarization.Koala.Control;

/// <summary><c>koala submit LINKS DATA</c>.</summary>
internal sealed class SubmitCommand : ControlCommand
{
    private readonly PathArgument _source = new("LINKS")
    {
        Description = "List of links (a file, http(s) URL or archive; text, CSV, TSV, JSON or Parquet), or a folder of JPEG files; paths are those of the control nodes",
    };

    private readonly Argument<string> _data = new("DATA") { Description = "Folder of the data set: relative to the store, or a full path inside it" };
    private readonly JobOptions _job = new();
    private readonly FetchLimits _limits = new();
    private readonly Option<int?> _batchSize = new Option<int?>("--batch-size", "-b")
    {
        Description = "Pictures per record; only the last record of a round may have fewer (default: 500)",
        HelpName = "N",
    }.Whole(1);

    private readonly ChoiceOption<RecordCompression> _compression = new("--compression", "Compress the records: none, gzip or zlib", RecordCompression.None);

    private readonly ChoiceOption<RecordCompatibility> _compatibility = new(
        "--compat", "original: 224x224 colours, as the original code writes them", RecordCompatibility.None);

    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "Weights to require of embedders: SHA-256, random:SEED or simulated (default: those of the first embedder)",
        HelpName = "WEIGHTS",
    };

    private readonly Option<string?> _precision = new("--precision")
    {
        Description = "Precision to require of embedders: fp32, or with the device, such as bf16/cpu (default: that of the first embedder)",
        HelpName = "PRECISION",
    };

    private readonly Option<FailureLimit> _maxFailures = FailureLimit.NewOption();
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait for the end of the job" };

    public SubmitCommand(TimeProvider time)
        : base("submit", "Submit a list of links to a cluster as a job", time)
    {
        Add(_source);
        Add(_data);
        _job.AddTo(this);
        Add(_batchSize);
        Add(_compression);
        Add(_compatibility);
        Add(_weights);
        Add(_precision);
        _limits.AddRulesTo(this);
        Add(_wait);
        Add(_maxFailures);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala submit /mnt/store/urls.txt birds                    # into the folder birds of the store; the same line again is the same job",
        "koala submit /mnt/store/urls.txt birds --wait             # and wait for the end",
        "koala submit https://example.org/urls.txt.gz sets/test --count 10000",
        "koala submit /mnt/store/urls.txt birds --retry-failed     # retry the links without a picture",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, IControl control, IReporter reporter, CancellationToken cancellation)
    {
        JobSpec spec = _job.Spec(arguments, Source(arguments.GetRequiredValue(_source)), arguments.GetRequiredValue(_data)) with
        {
            PicturesPerRecord = arguments.GetValue(_batchSize),
            Compression = arguments.GivenValue(_compression),
            Compatibility = arguments.GivenValue(_compatibility),
            Weights = arguments.GetValue(_weights),
            Precision = arguments.GetValue(_precision),
            Fetch = _limits.Rules(arguments),
        };
        JobsProtocol.JobAccepted accepted = await control.SubmitAsync(spec, cancellation);
        reporter.Result(new JobSubmitted(accepted.Job.Value, accepted.IsNew));
        return arguments.GetValue(_wait)
            ? JobWatch.CodeOf(await new JobWatch(control, reporter, Time).FollowAsync(accepted.Job.Value, cancellation), arguments.GetRequiredValue(_maxFailures))
            : ExitCode.Done;
    }

    private static string Source(string source) =>
        source is "" or "-" ? throw new UserErrorException(
            $"{(source == "" ? "LINKS is empty" : "a job cannot read standard input")}; give a file, folder or URL that every control node can read.",
            ExitCode.UsageError)
        : JobSpecValidator.IsUrl(source) ? source
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
}
