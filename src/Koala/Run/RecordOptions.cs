using System.CommandLine;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.State;
using Koalarization.Koala.Commands;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Reporting;
using Koalarization.Records.Compression;

namespace Koalarization.Koala.Run;

/// <summary>The options of records. Those that are not given are taken from the data set, when it has records already.</summary>
internal sealed class RecordOptions
{
    private readonly NetworkOptions _network = new();
    private readonly Option<int> _batchSize = new Option<int>("--batch-size", "-b")
    {
        Description = "Pictures per record; only the last record of a round may have fewer",
        HelpName = "N",
        DefaultValueFactory = _ => NetworkParameters.DefaultPicturesPerRecord,
    }.Whole(1);

    private readonly ChoiceOption<RecordCompression> _compression = new("--compression", "Compress the records: none, gzip or zlib", RecordCompression.None);

    private readonly ChoiceOption<RecordCompatibility> _compatibility = new(
        "--compat", "original: 224x224 colours, as the original code writes them", RecordCompatibility.None);

    public void AddTo(Command command)
    {
        _network.AddTo(command);
        command.Add(_batchSize);
        command.Add(_compression);
        command.Add(_compatibility);
    }

    /// <summary>The options that records were begun with, where they are not the defaults.</summary>
    public static IEnumerable<string> Unnamed(NetworkParameters? begun)
    {
        if (begun is null)
        {
            return [];
        }

        (string Flag, string Begun, string Default)[] options =
        [
            ("--checkpoint", begun.Checkpoint == Network.Simulated ? WeightsOptions.DefaultCheckpoint : begun.Checkpoint, WeightsOptions.DefaultCheckpoint),
            ("--precision", begun.Precision.Split('/')[0], "fp32"),
            ("--batch-size", $"{begun.PicturesPerRecord}", $"{NetworkParameters.DefaultPicturesPerRecord}"),
            ("--compression", begun.Compression, "none"),
            ("--compat", begun.Compatibility, "none"),
        ];
        return options.Where(option => option.Begun != option.Default && option.Begun != WeightsOptions.EarlierDefaultCheckpoint).Select(option => $"{option.Flag} {option.Begun}");
    }

    /// <summary>Finds the network and the parameters of the records.</summary>
    /// <param name="fixed">The parameters of the data set's records; null while it has none.</param>
    /// <exception cref="UserErrorException">The options differ from the parameters of the data set's records.</exception>
    public async Task<(Network Network, NetworkParameters Parameters)> ResolveAsync(
        ParseResult arguments, NetworkParameters? @fixed, IReporter reporter, TimeProvider time, CancellationToken cancellation)
    {
        RefuseOtherDevice(arguments, @fixed);
        if (@fixed is null)
        {
            _network.ReportFaster(arguments, reporter);
        }

        Network network = await _network.ResolveAsync(arguments, @fixed, reporter, time, cancellation);
        var now = new NetworkParameters
        {
            Checkpoint = network.Source,
            Weights = network.Weights,
            Precision = network.PrecisionKey,
            Compatibility = arguments.GivenValue(_compatibility) ?? @fixed?.Compatibility ?? arguments.GetRequiredValue(_compatibility),
            Compression = arguments.GivenValue(_compression) ?? @fixed?.Compression ?? arguments.GetRequiredValue(_compression),
            PicturesPerRecord = arguments.IsGiven(_batchSize) || @fixed is null ? arguments.GetValue(_batchSize) : @fixed.PicturesPerRecord,
        };
        if (@fixed is not null && now.DifferenceFrom(@fixed) is string difference)
        {
            await network.DisposeAsync();
            throw new UserErrorException($"the data set's records have other parameters: {difference}; omit the option, or choose another folder.");
        }

        return (network, now);
    }

    // The device is not a parameter of a set, except where its numbers differ from those of other devices.
    private void RefuseOtherDevice(ParseResult arguments, NetworkParameters? @fixed)
    {
        string device = _network.DeviceFamily(arguments);
        string? needed = @fixed?.Weights == Network.Simulated ? Network.Simulated : @fixed?.Precision.Split('/') is [_, var family] ? family : null;
        if (needed is not null && needed != device)
        {
            throw new UserErrorException($"the data set's records were computed on {needed}, and other devices give other numbers; add --device {needed}.");
        }
    }
}
