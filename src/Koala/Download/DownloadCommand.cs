using System.CommandLine;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Links;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Download;

/// <summary><c>koala download SOURCE OUT_DIR [-c COUNT] [-s SKIP]</c>.</summary>
internal sealed class DownloadCommand : KoalaCommand
{
    private readonly PathArgument _source = new("SOURCE")
    {
        Description = "List of links: a file, - (standard input), http(s) URL, or archive; text, CSV, TSV, JSON or Parquet",
    };

    private readonly PathArgument _output = new("OUT_DIR") { Description = "Folder for the pictures, each named by the MD5 of its URL" };
    private readonly Option<long?> _count = new Option<long?>("--count", "-c") { Description = "Use only COUNT links (default: all); -c is the checkpoint in run and lab-batch", HelpName = "COUNT" }.Whole(1, long.MaxValue);
    private readonly Option<long> _skip = new Option<long>("--skip", "-s") { Description = "Skip the first SKIP links; -s is the size in resize", HelpName = "SKIP", DefaultValueFactory = _ => 0 }
        .Whole(0, long.MaxValue);
    private readonly ListOptions _list = new();
    private readonly FetchLimits _limits = new();
    private readonly Option<FailureLimit> _maxFailures = FailureLimit.NewOption();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print each link's outcome" };

    public DownloadCommand(TimeProvider time)
        : base("download", "Download the pictures of a list of links", time)
    {
        Add(_source);
        Add(_output);
        Add(_count);
        Add(_skip);
        _list.AddTo(this);
        _limits.AddTo(this);
        Add(_maxFailures);
        Add(_verbose);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala download data/urls.txt data/original",
        "koala download imagenet_fall11_urls.tgz data/original -c 1000 -s 5000",
        "grep n00007846 urls.txt | koala download - data/original --json",
    ];

    protected override int OpenFilesNeeded => OpenFiles.ForCluster;

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

        RefuseFolders(source, output);
        FetchOptions fetch = _limits.Options(arguments);
        FetchLimits.ReportProxies(fetch, reporter);
        var list = new LinkSource(source, _list.Reading(arguments));
        IJpegCodec codec = CodecChoice.Choose(reporter);
        using var check = new DecodesCompletely(codec, _limits.MaxPixels(arguments));
        using var fetcher = new LinkFetcher(fetch, check, clock: Time);
        bool verbose = arguments.GetValue(_verbose) || arguments.GetValue(CommonOptions.Json);
        using var downloader = new LinkDownloader(fetcher, _limits.DownloadOptions(arguments, reporter), new OutageNoticeFormatter(reporter, verbose).Report);
        var step = new DownloadStep(downloader, Time) { Verbose = verbose };
        DownloadDone done = await step.RunAsync(list, arguments.GetValue(_skip), arguments.GetValue(_count), output, reporter, cancellation);
        reporter.Result(done);
        return arguments.GetRequiredValue(_maxFailures).CodeOf(done.LeftOut.Values.Sum(), done.Links);
    }

    private static void RefuseFolders(string source, string output)
    {
        if (Directory.Exists(source))
        {
            var contents = FolderContents.Of(source);
            throw new UserErrorException(
                $"{source} is a folder, and download takes a list of links; "
                + (contents.Kind switch
                {
                    FolderKind.Lists => $"give one of its files, such as {contents.PathOf(contents.Example)}.",
                    FolderKind.Pictures => $"its pictures are there already: koala resize {source} RESIZED takes them.",
                    _ => "give a file, a URL, an archive, or - for standard input.",
                }));
        }

        SourceAndOutput.RefuseSetAsOutput(output, DataLayout.Originals);
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
