using System.CommandLine;
using Koalarization.Dataset.Composition;
using Koalarization.Harvest.Fetching;
using Koalarization.Imaging;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Download;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary><c>koala run LINKS DATA</c>.</summary>
internal sealed class RunCommand : KoalaCommand
{
    private readonly KoalaServices _parts;

    private readonly Argument<string> _source = new("LINKS")
    {
        Description = "List of links, one a line: a file, - (standard input), an http(s) URL, or an archive; or a folder of JPEG files",
    };

    private readonly Argument<string> _data = new("DATA") { Description = "Where the data set goes: original, resized, tfrecords, dataset.json, index.csv" };
    private readonly JobOptions _job = new();
    private readonly Option<bool> _takeOver = new("--take-over") { Description = "Take over a data set from a cluster that is gone" };
    private readonly FetchLimits _limits = new();
    private readonly RecordOptions _records = new();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print each link's outcome" };

    public RunCommand(TimeProvider time, KoalaServices parts)
        : base("run", "Make a whole data set of a list of links, or go on with one", time)
    {
        _parts = parts;
        Add(_source);
        Add(_data);
        _job.AddTo(this);
        Add(_takeOver);
        _records.AddTo(this);
        _limits.AddTo(this);
        Add(_verbose);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala run urls.txt data                                   # from links to records; the same line again goes on where it was",
        "koala run urls.txt data -c inception_resnet_v2_2016_08_30.ckpt",
        "koala run urls.txt data --until resize                    # pictures only",
        "koala run urls.txt data --retry-failed                    # another round for the links that gave no picture",
        "koala run photos data -c random:0 --batch-size 100        # a folder of pictures; a made-up network, to try things out",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string data = arguments.GetRequiredValue(_data);
        if (data.Length == 0 || File.Exists(data))
        {
            throw new UserErrorException(data.Length == 0 ? "DATA is empty; give a folder for the data set." : $"{data} is a file; give a folder for the data set.", ExitCode.WrongUse);
        }

        string links = arguments.GetRequiredValue(_source);
        JobSpec spec = _job.Spec(arguments, links, data);
        if (spec is { Until: JobEnd.Records, Width: int width, Height: int height } && (width, height) != (PreparedPicture.Size, PreparedPicture.Size))
        {
            throw new UserErrorException(
                $"records need pictures of {PreparedPicture.Size}x{PreparedPicture.Size}, not {width}x{height}; add --until resize for another size.", ExitCode.WrongUse);
        }

        if (links.Length == 0)
        {
            throw new UserErrorException("a name is empty; give a list of links, or a folder of pictures, and a folder for the data set.", ExitCode.WrongUse);
        }

        var source = new JobSource(links, skip: 0, count: null);
        source.EnsureExists();
        if (source.IsFolder && spec.Until == JobEnd.Download)
        {
            throw new UserErrorException($"{source.Source} is a folder, so there is nothing to download; use --until resize.", ExitCode.WrongUse);
        }

        IJpegCodec codec = CodecChoice.Announce(reporter, _parts);
        var request = new RunRequest
        {
            Spec = spec,
            TakesOver = arguments.GetValue(_takeOver),
            MaxPixels = _limits.MaxPixels(arguments),
            Parallel = Environment.ProcessorCount,
            CodecFingerprint = CodecFingerprint.Compute(codec),
        };
        await using RecordMaker? records = spec.Until == JobEnd.Records ? new RecordMaker(_records, arguments, _parts, Time) : null;
        bool verbose = arguments.GetValue(_verbose) || arguments.GetValue(CommonOptions.Json);
        using var fetcher = new LinkFetcher(_limits.Options(arguments), check: null, _parts.Resolver, Time);
        var step = new RunStep(request, codec, fetcher, _limits.Harvest(arguments), records, Time)
        {
            Verbose = verbose,
        };
        RunDone done = await step.RunAsync(reporter, cancellation);
        reporter.Result(done);
        return done.Failed.Count + done.LeftOut > 0 ? ExitCode.SomethingLeftOut : ExitCode.Done;
    }
}
