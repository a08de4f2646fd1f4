using System.CommandLine;
using Koalarization.Dataset.State;
using Koalarization.Inception;
using Koalarization.Inception.Devices;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.LabBatch;

/// <summary>The options of the network and its device.</summary>
internal sealed class NetworkOptions
{
    private readonly WeightsOptions _weights = new();
    private readonly ChoiceOption<EmbedPrecision> _precision = new("--precision", "fp32 (exact), bf16, or on a GPU fp16 and tf32", EmbedPrecision.Fp32);
    private readonly TorchOptions _torch = new();

    private readonly Option<int?> _maxBatch = new Option<int?>("--max-batch")
    {
        Description = "Pictures per batch of the network (default: 8 per core, 128 on a GPU)",
        HelpName = "N",
    }.Whole(1, 1024);

    public void AddTo(Command command)
    {
        _weights.AddTo(command);
        command.Add(_precision);
        _torch.AddTo(command);
        command.Add(_maxBatch);
    }

    /// <summary>The kind of device that was chosen: <c>cpu</c>, <c>cuda</c>, <c>simulated</c>.</summary>
    public string DeviceFamily(ParseResult arguments) => _torch.Devices(arguments)[0].Kind.ToString().ToLowerInvariant();

    /// <summary>Says what would be faster on this machine, to a user who begins records and has chosen neither device nor precision.</summary>
    public void ReportFaster(ParseResult arguments, IReporter reporter)
    {
        if (!arguments.IsGiven(_precision) && !_torch.IsDeviceGiven(arguments) && FasterHere.Sentence(EmbedDevice.Cpu, EmbedPrecision.Fp32) is string faster)
        {
            reporter.Report(new Note($"Faster here: {faster}."));
        }
    }

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
        IReadOnlyList<EmbedDevice> devices = Embedders.Each(_torch.Devices(arguments, device));
        var options = new EmbedderOptions(devices[0], precision, arguments.GetValue(_maxBatch));
        if (options.Device.Kind == EmbedDeviceKind.Simulated)
        {
            reporter.Report(new Note("The device is simulated: logits are made up from the pictures' names."));
            return new Network(weights: null, options, devices, checkpoint: null, Network.Simulated);
        }

        string checkpoint = _weights.Named(arguments, earlier?.Checkpoint);
        if (earlier is not null && checkpoint == earlier.Weights && !checkpoint.StartsWith("random:", StringComparison.Ordinal))
        {
            throw new UserErrorException($"the records were made on a cluster, with the weights of SHA-256 {checkpoint}; name a checkpoint with these weights with --checkpoint.", ExitCode.UsageError);
        }

        FoundWeights found = await _weights.FindAsync(checkpoint, arguments, reporter, time, cancellation);
        if (found.Weights.IsRandom)
        {
            reporter.Report(new Note("The network's weights are RANDOM: for trials, not for training."));
        }

        return new Network(found.Weights, options, devices, found.Checkpoint, found.Source);
    }
}
