using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Koalarization.Checkpoints;
using Koalarization.Checkpoints.Sources;
using Koalarization.Dataset.State;
using Koalarization.Inception;
using Koalarization.Inception.Devices;
using Koalarization.Inception.Weights;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.LabBatch;

/// <summary>The options of the network and its device.</summary>
internal sealed class NetworkOptions
{
    /// <summary>Where the paper's weights come from when no checkpoint is named.</summary>
    public const string DefaultCheckpoint = "https://storage.googleapis.com/download.tensorflow.org/models/inception_resnet_v2_2016_08_30.tar.gz";

    /// <summary>The same file's address in versions before this one: what data sets that they began have noted.</summary>
    public const string EarlierDefaultCheckpoint = "http://download.tensorflow.org/models/inception_resnet_v2_2016_08_30.tar.gz";

    private readonly Option<string> _checkpoint = new("--checkpoint", "-c")
    {
        Description = "The network's weights: a TensorFlow checkpoint (file, V2 prefix, folder), a .tar.gz of one, a URL, or random:SEED "
            + "(default: the paper's, downloaded once); -c is the count in download",
        HelpName = "CHECKPOINT",
        DefaultValueFactory = _ => DefaultCheckpoint,
    };

    private readonly Option<string?> _sha256 = new("--checkpoint-sha256")
    {
        Description = "Required SHA-256 of the checkpoint file",
        HelpName = "HEX",
    };

    private readonly ChoiceOption<EmbedPrecision> _precision = new("--precision", "fp32 (exact), bf16, or on a GPU fp16 and tf32", EmbedPrecision.Fp32);

    private readonly Option<EmbedDevice> _device = new("--device")
    {
        Description = "cpu, cuda or cuda:INDEX; for trials, simulated[:PICTURES_PER_SECOND]",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => EmbedDevice.Cpu,
        CustomParser = ParseDevice,
    };

    private readonly Option<int?> _maxBatch = new Option<int?>("--max-batch")
    {
        Description = "Pictures per batch of the network (default: 8 per core, 32 on a GPU)",
        HelpName = "N",
    }.Whole(1, 1024);

    public void AddTo(Command command)
    {
        _checkpoint.Validators.Add(RefuseCount);
        command.Add(_checkpoint);
        command.Add(_sha256);
        command.Add(_precision);
        command.Add(_device);
        command.Add(_maxBatch);
    }

    /// <summary>The kind of device that was chosen: <c>cpu</c>, <c>cuda</c>, <c>simulated</c>.</summary>
    public string DeviceFamily(ParseResult arguments) => arguments.GetRequiredValue(_device).Kind.ToString().ToLowerInvariant();

    /// <summary>Finds the weights, and downloads them if necessary.</summary>
    public Task<Network> ResolveAsync(ParseResult arguments, IReporter reporter, TimeProvider time, CancellationToken cancellation) =>
        ResolveAsync(arguments, earlier: null, reporter, time, cancellation);

    /// <summary>The same, with the parameters of an earlier run, and a device, for options that are not given.</summary>
    public async Task<Network> ResolveAsync(
        ParseResult arguments, NetworkParameters? earlier, IReporter reporter, TimeProvider time, CancellationToken cancellation, EmbedDevice? device = null)
    {
        EmbedPrecision precision = earlier is null || arguments.IsGiven(_precision)
            ? _precision.Choice(arguments)
            : Enum.Parse<EmbedPrecision>(earlier.Precision.Split('/')[0], ignoreCase: true);
        var options = new EmbedderOptions(arguments.IsGiven(_device) || device is null ? arguments.GetRequiredValue(_device) : device, precision, arguments.GetValue(_maxBatch));
        string checkpoint = earlier is null || arguments.IsGiven(_checkpoint) ? arguments.GetRequiredValue(_checkpoint) : earlier.Checkpoint;
        if (options.Device.Kind == EmbedDeviceKind.Simulated)
        {
            reporter.Report(new Note("The device is simulated: logits are made up from the pictures' names."));
            return new Network(weights: null, options, checkpoint: null, Network.Simulated);
        }

        if (checkpoint.StartsWith("random:", StringComparison.Ordinal))
        {
            if (!long.TryParse(checkpoint.AsSpan("random:".Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed))
            {
                throw new UserErrorException($"'{checkpoint}' has no seed; use random:0 or another whole number.", ExitCode.UsageError);
            }

            reporter.Report(new Note("The network's weights are RANDOM: for trials, not for training."));
            return new Network(new RandomWeights(seed), options, checkpoint: null, checkpoint);
        }

        if (earlier is not null && checkpoint == earlier.Weights)
        {
            throw new UserErrorException($"the records were made on a cluster, with the weights of SHA-256 {checkpoint}; name a checkpoint with these weights with --checkpoint.", ExitCode.UsageError);
        }

        ResolvedCheckpoint resolved = await FindAsync(checkpoint, arguments.GetValue(_sha256), reporter, time, cancellation);
        Checkpoint opened = Checkpoint.Open(resolved.Path);

        // A later run may have another working directory.
        string source = checkpoint.Contains("://", StringComparison.Ordinal) ? checkpoint : Path.GetFullPath(checkpoint);
        return new Network(new CheckpointWeights(opened), options, opened, source);
    }

    private static async Task<ResolvedCheckpoint> FindAsync(
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

    private static EmbedDevice? ParseDevice(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (EmbedDevice.TryParse(text, out EmbedDevice? device))
        {
            return device;
        }

        string? meant = text is "gpu" or "nvidia" ? "cuda" : NearestWord.To(text, ["cpu", "cuda", "simulated"]);
        result.AddError($"'{text}' is not a device; use cpu, cuda, cuda:INDEX or simulated[:PICTURES_PER_SECOND]{(meant is null ? "." : $"; did you mean {meant}?")}");
        return null;
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
