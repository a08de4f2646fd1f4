using System.CommandLine;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Imaging;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Download;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary><c>koala run LINKS DATA</c>.</summary>
internal sealed class RunCommand : KoalaCommand
{
    private readonly KoalaServices _services;

    private readonly PathArgument _source = new("LINKS")
    {
        Description = "List of links (a file, - for standard input, http(s) URL or archive; text, CSV, TSV, JSON or Parquet), or a folder of JPEG files",
    };

    private readonly PathArgument _data = new("DATA") { Description = "Folder of the data set: original, resized, tfrecords, dataset.json, index.csv" };
    private readonly JobOptions _job = new();
    private readonly Option<bool> _takeOver = new("--take-over") { Description = "Take over a data set from a cluster that is gone" };
    private readonly FetchLimits _limits = new();
    private readonly RecordOptions _records = new();
    private readonly Option<FailureLimit> _maxFailures = FailureLimit.NewOption();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print each link's outcome" };

    public RunCommand(TimeProvider time, KoalaServices services)
        : base("run", "Make a data set from a list of links, or resume one", time)
    {
        _services = services;
        Add(_source);
        Add(_data);
        _job.AddTo(this);
        Add(_takeOver);
        _records.AddTo(this);
        _limits.AddTo(this);
        Add(_maxFailures);
        Add(_verbose);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala run urls.txt data                                   # from links to records; the same line again resumes",
        "koala run urls.txt data -c inception_resnet_v2_2016_08_30.ckpt",
        "koala run urls.txt data --checkpoint-sha256 HEX           # the paper's weights, when the file has this SHA-256",
        "koala run urls.txt data --until resize                    # pictures only",
        "koala run urls.txt data --retry-failed                    # retry the links without a picture",
        "koala run photos data -c random:0 --batch-size 100        # a folder of pictures; random weights, for trials",
    ];

    protected override int OpenFilesNeeded => OpenFiles.ForCluster;

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string data = arguments.GetRequiredValue(_data);
        if (data.Length == 0 || File.Exists(data))
        {
            throw new UserErrorException(data.Length == 0 ? "DATA is empty; give a folder for the data set." : $"{data} is a file; choose a folder for the data set.", ExitCode.UsageError);
        }

        string links = arguments.GetRequiredValue(_source);
        JobSpec spec = _job.Spec(arguments, links, data) with { Fetch = _limits.Rules(arguments) };
        if (spec is { Until: JobEnd.Records, Width: int width, Height: int height } && (width, height) != (PreparedPicture.Size, PreparedPicture.Size))
        {
            throw new UserErrorException(
                $"records need pictures of {PreparedPicture.Size}x{PreparedPicture.Size}, not {width}x{height}; add --until resize for another size.", ExitCode.UsageError);
        }

        if (links.Length == 0)
        {
            throw new UserErrorException("LINKS is empty; give a list of links or a folder of pictures.", ExitCode.UsageError);
        }

        var source = new JobSource(links);
        source.EnsureExists();
        if (source.IsFolder && spec.Until == JobEnd.Download)
        {
            throw new UserErrorException($"{source.Source} is a folder, so there is nothing to download; use --until resize.", ExitCode.UsageError);
        }

        if (source.IsFolder && !File.Exists(Path.Combine(data, DataLayout.Job)) && FolderContents.Of(links) is { Kind: not (FolderKind.Pictures or FolderKind.Other) }
            && !PictureFolder.Enumerate(links).Any())
        {
            throw WrongFolder.WithoutPictures(links, FolderUse.Pictures);
        }

        FetchOptions fetch = _limits.Options(arguments);
        if (!source.IsFolder)
        {
            FetchLimits.ReportProxies(fetch, reporter);
        }

        IJpegCodec codec = CodecChoice.Choose(reporter, _services);
        var request = new RunRequest
        {
            Spec = spec,
            TakesOver = arguments.GetValue(_takeOver),
            MaxPixels = _limits.MaxPixels(arguments),
            Given = arguments.GivenOptions(),
            Parallel = Environment.ProcessorCount,
            CodecFingerprint = CodecFingerprint.Compute(codec),
        };
        await using RecordMaker? records = spec.Until == JobEnd.Records ? new RecordMaker(_records, arguments, _services, Time) : null;
        bool verbose = arguments.GetValue(_verbose) || arguments.GetValue(CommonOptions.Json);
        using var fetcher = new LinkFetcher(fetch, check: null, _services.Resolver, Time);
        var step = new RunStep(request, codec, fetcher, _limits.DownloadOptions(arguments, reporter), records, Time)
        {
            Verbose = verbose,
        };
        RunDone done = await step.RunAsync(reporter, cancellation);
        reporter.Result(done);
        return done.LeftOut > 0 ? ExitCode.Incomplete : arguments.GetRequiredValue(_maxFailures).CodeOf(done.Failed.Values.Sum(), done.Links);
    }
}
