using System.CommandLine;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Links;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Download;

/// <summary><c>koala download SOURCE OUT_DIR [-c COUNT] [-s SKIP]</c>.</summary>
internal sealed class DownloadCommand : KoalaCommand
{
    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "List of links, one per line: a file, - (standard input), http(s) URL, or archive (.tgz, .tar.gz, .gz)",
    };

    private readonly Argument<string> _output = new("OUT_DIR") { Description = "Folder for the pictures, each named by the MD5 of its URL" };
    private readonly Option<long?> _count = new("--count", "-c") { Description = "Use only COUNT links (default: all)", HelpName = "COUNT" };
    private readonly Option<long> _skip = new("--skip", "-s") { Description = "Skip the first SKIP links", HelpName = "SKIP", DefaultValueFactory = _ => 0 };
    private readonly FetchLimits _limits = new();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print each link's outcome" };

    public DownloadCommand(TimeProvider time)
        : base("download", "Download the pictures of a list of links", time)
    {
        _count.RefuseNegative();
        _skip.RefuseNegative();
        Add(_source);
        Add(_output);
        Add(_count);
        Add(_skip);
        _limits.AddTo(this);
        Add(_verbose);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala download data/urls.txt data/original",
        "koala download imagenet_fall11_urls.tgz data/original -c 1000 -s 5000",
        "grep n00007846 urls.txt | koala download - data/original --json",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string source = arguments.GetRequiredValue(_source);
        string output = arguments.GetRequiredValue(_output);
        if (source.Length == 0 || output.Length == 0)
        {
            throw new UserErrorException("SOURCE or OUT_DIR is empty; give a list of links and a folder for the pictures.", ExitCode.UsageError);
        }

        if (File.Exists(output))
        {
            throw new UserErrorException($"{output} is a file; choose a folder for the pictures.");
        }

        var list = new LinkSource(source);
        await EnsureReadableAsync(source, cancellation);
        IJpegCodec codec = CodecChoice.Choose(reporter);
        using var check = new DecodesCompletely(codec, _limits.MaxPixels(arguments));
        using var fetcher = new LinkFetcher(_limits.Options(arguments), check, clock: Time);
        bool verbose = arguments.GetValue(_verbose) || arguments.GetValue(CommonOptions.Json);
        using var downloader = new LinkDownloader(fetcher, _limits.DownloadOptions(arguments), new OutageNoticeFormatter(reporter, verbose).Report);
        var step = new DownloadStep(downloader, Time) { Verbose = verbose };
        DownloadDone done = await step.RunAsync(list, arguments.GetValue(_skip), arguments.GetValue(_count), output, reporter, cancellation);
        reporter.Result(done);
        return done.LeftOut.Count > 0 ? ExitCode.Incomplete : ExitCode.Done;
    }

    // A missing list is reported before the folder for its pictures is created. A pipe, which has no length, can be read only once.
    private static async Task EnsureReadableAsync(string source, CancellationToken cancellation)
    {
        if (source != "-" && !source.StartsWith("http", StringComparison.OrdinalIgnoreCase) && !(File.Exists(source) && new FileInfo(source).Length == 0))
        {
            await foreach (Link _ in new LinkSource(source).ReadAsync(count: 1, cancellationToken: cancellation))
            {
                break;
            }
        }
    }

    /// <summary>Accepts a body when it decodes completely. At most as many bodies are decoded at once as there are cores.</summary>
    private sealed class DecodesCompletely(IJpegCodec codec, long maxPixels) : IPictureCheck, IDisposable
    {
        private readonly InProcessResizer _decoder = new(codec, size: null, maxPixels);
        private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

        public async ValueTask<BodyRefusal?> CheckAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            await _cores.WaitAsync(cancellationToken);
            try
            {
                ResizedPicture decoded = await Task.Run(() => _decoder.Resize(body.Span), cancellationToken);
                return decoded.Refusal is PictureRefusal refusal ? new BodyRefusal(refusal.Outcome(), refusal.Detail) : null;
            }
            finally
            {
                _cores.Release();
            }
        }

        public void Dispose() => _cores.Dispose();
    }
}
