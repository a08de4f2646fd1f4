using System.CommandLine;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.State;
using Koalarization.Koala.Commands;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Reporting;
using Koalarization.Records.Compression;

namespace Koalarization.Koala.Run;

/// <summary>The options that say what records are made with. What is not said is taken from the data set, where it has records already.</summary>
internal sealed class RecordOptions
{
    private readonly NetworkOptions _network = new();
    private readonly Option<int> _batchSize = new Option<int>("--batch-size", "-b")
    {
        Description = "Pictures in a record; only a round's last one may have fewer",
        HelpName = "N",
        DefaultValueFactory = _ => NetworkParameters.DefaultPicturesPerRecord,
    }.AtLeast(1);

    private readonly ChoiceOption<RecordCompression> _compression = new("--compression", "Compress the records: none, gzip or zlib", RecordCompression.None);

    private readonly ChoiceOption<RecordCompatibility> _compatibility = new(
        "--compat", "original: 224x224 colours, as the original's code writes them although its text says 299x299", RecordCompatibility.None);

    public void AddTo(Command command)
    {
        _network.AddTo(command);
        command.Add(_batchSize);
        command.Add(_compression);
        command.Add(_compatibility);
    }

    /// <summary>Finds the network, and says what records are made with.</summary>
    /// <param name="fixed">What the data set's records are made with; null while it has none.</param>
    /// <exception cref="UserErrorException">Something else was said than the data set's records are made with.</exception>
    public async Task<(Network Network, NetworkParameters Parameters)> ResolveAsync(
        ParseResult arguments, NetworkParameters? @fixed, IReporter reporter, TimeProvider time, CancellationToken cancellation)
    {
        RefuseOtherDevice(arguments, @fixed);
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
            throw new UserErrorException($"the data set's records are made with other parameters: {difference}; leave the option out, or use another folder.");
        }

        return (network, now);
    }

    // The device is no parameter of a set, but for those whose numbers are its own.
    private void RefuseOtherDevice(ParseResult arguments, NetworkParameters? @fixed)
    {
        string device = _network.DeviceFamily(arguments);
        string? needed = @fixed?.Weights == "simulated" ? "simulated" : @fixed?.Precision.Split('/') is [_, var family] ? family : null;
        if (needed is not null && needed != device)
        {
            throw new UserErrorException($"the data set's records are made on the device {needed}, whose numbers differ from others'; add --device {needed}.");
        }
    }
}
