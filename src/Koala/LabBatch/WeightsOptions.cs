using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Koalarization.Checkpoints;
using Koalarization.Checkpoints.Sources;
using Koalarization.Inception.Weights;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.LabBatch;

/// <summary>A network's weights, found.</summary>
/// <param name="Weights">The numbers.</param>
/// <param name="Checkpoint">The open file that they are in; null: they are random.</param>
/// <param name="Source">Where they were found: a URL, a full path, or <c>random:SEED</c>.</param>
internal sealed record FoundWeights(INetworkWeights Weights, Checkpoint? Checkpoint, string Source);

/// <summary>The options that name a network's weights.</summary>
internal sealed class WeightsOptions
{
    /// <summary>Where the paper's weights come from when no checkpoint is named.</summary>
    public const string DefaultCheckpoint = "https://storage.googleapis.com/download.tensorflow.org/models/inception_resnet_v2_2016_08_30.tar.gz";

    /// <summary>The same file's address in versions before this one: what data sets that they began have noted.</summary>
    public const string EarlierDefaultCheckpoint = "http://download.tensorflow.org/models/inception_resnet_v2_2016_08_30.tar.gz";

    private const string RandomPrefix = "random:";

    private readonly Option<string> _checkpoint;

    private readonly Option<string?> _sha256 = new("--checkpoint-sha256")
    {
        Description = "Required SHA-256 of the checkpoint file",
        HelpName = "HEX",
    };

    /// <param name="preset">The checkpoint that is used when none is named.</param>
    /// <param name="presetText">What help says of it.</param>
    public WeightsOptions(string preset = DefaultCheckpoint, string presetText = "the paper's, downloaded once")
    {
        _checkpoint = new("--checkpoint", "-c")
        {
            Description = "The network's weights: a TensorFlow checkpoint (file, V2 prefix, folder), a .tar.gz of one, a URL, or random:SEED "
                + $"(default: {presetText}); -c is the count in download",
            HelpName = "CHECKPOINT",
            DefaultValueFactory = _ => preset,
        };
        _checkpoint.Validators.Add(RefuseCount);
    }

    public void AddTo(Command command)
    {
        command.Add(_checkpoint);
        command.Add(_sha256);
    }

    /// <summary>The checkpoint that is named, or, where none is, that of an earlier run.</summary>
    public string Named(ParseResult arguments, string? earlier) =>
        earlier is null || arguments.IsGiven(_checkpoint) ? arguments.GetRequiredValue(_checkpoint) : earlier;

    /// <summary>Finds weights, and downloads them if necessary.</summary>
    public async Task<FoundWeights> FindAsync(string checkpoint, ParseResult arguments, IReporter reporter, TimeProvider time, CancellationToken cancellation)
    {
        if (checkpoint.StartsWith(RandomPrefix, StringComparison.Ordinal))
        {
            return long.TryParse(checkpoint.AsSpan(RandomPrefix.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)
                ? new FoundWeights(new RandomWeights(seed), Checkpoint: null, checkpoint)
                : throw new UserErrorException($"'{checkpoint}' has no seed; use random:0 or another whole number.", ExitCode.UsageError);
        }

        ResolvedCheckpoint resolved = await ResolveAsync(checkpoint, arguments.GetValue(_sha256), reporter, time, cancellation);
        Checkpoint opened = Checkpoint.Open(resolved.Path);

        // A later run may have another working directory.
        string source = checkpoint.Contains("://", StringComparison.Ordinal) ? checkpoint : Path.GetFullPath(checkpoint);
        return new FoundWeights(new CheckpointWeights(opened), opened, source);
    }

    private static async Task<ResolvedCheckpoint> ResolveAsync(
        string checkpoint, string? sha256, IReporter reporter, TimeProvider time, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        var locator = new CheckpointLocator(http, time);
        ResolvedCheckpoint resolved = await reporter.MeasureAsync("checkpoint", total: null, meter =>
            locator.ResolveAsync(checkpoint, sha256, new DownloadMeter(checkpoint, meter, reporter), cancellation), isBytes: true);
        if (resolved.Downloaded is long bytes)
        {
            reporter.Report(new CheckpointDownloaded(checkpoint, bytes, resolved.SourceSha256!));
        }

        return resolved;
    }

    // The original's scripts, and download here, have -c for the number of links.
    private static void RefuseCount(OptionResult result)
    {
        if (result.Tokens is [{ Value: string text }, ..] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !Path.Exists(text))
        {
            result.AddError($"-c is --checkpoint here, and {text} is no checkpoint; the number of links is --count {text} of run and download.");
        }
    }

    private sealed class DownloadMeter(string url, ProgressMeter meter, IReporter reporter) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            meter.Set(value.ReceivedBytes, value.TotalBytes);
            if (value.ReceivedBytes == 0)
            {
                long? room = value.TotalBytes is long bytes ? CheckpointLocatorOptions.RoomFor(bytes) : null;
                reporter.Report(new CheckpointDownloading(url, value.TotalBytes, room, new CheckpointLocatorOptions().CacheFolder));
            }
        }
    }
}
