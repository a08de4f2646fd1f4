using System.CommandLine;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Inception.Devices;
using Koalarization.Koala.Commands;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Repair;

/// <summary>The network that a set's records were made with, loaded when the first record needs it.</summary>
/// <param name="options">The options of the network.</param>
/// <param name="arguments">What the user gave.</param>
/// <param name="target">The data set or folder.</param>
/// <param name="reporter">Is told of weights that are random or simulated.</param>
/// <param name="time">The clock.</param>
internal sealed class SetNetwork(NetworkOptions options, ParseResult arguments, RepairTarget target, IReporter reporter, TimeProvider time) : IAsyncDisposable
{
    private Network? _network;
    private InferenceThread? _thread;

    /// <summary>Why the network cannot be loaded.</summary>
    public string? Fault { get; private set; }

    /// <summary>Loads it; null: it cannot be, and <see cref="Fault"/> says why.</summary>
    public async Task<InferenceThread?> StartAsync(CancellationToken cancellation)
    {
        if (_thread is not null || Fault is not null)
        {
            return _thread;
        }

        try
        {
            if (Parameters() is not NetworkParameters made)
            {
                Fault = "what it was is not known";
                return null;
            }

            _network = await options.ResolveAsync(arguments, made, reporter, time, cancellation, DeviceOf(made));
            if ((_network.Weights, _network.PrecisionKey) != (made.Weights, made.Precision))
            {
                Fault = $"its weights are {made.Weights} in {made.Precision}, and {_network.Weights} in {_network.PrecisionKey} were found";
                return null;
            }

            _network.StopOn(cancellation);
            _thread = await _network.StartAsync();
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Fault = Failure.Explain(exception, cancellation).Sentence;
        }

        return _thread;
    }

    public ValueTask DisposeAsync() => _network?.DisposeAsync() ?? ValueTask.CompletedTask;

    private NetworkParameters? Parameters()
    {
        if (target.Job is not null)
        {
            return NetworkParameters.Find(target.Store);
        }

        // A folder's plan knows the weights by their hash, and not where they were found.
        return BatchPlan.Find(target.Store)?.Parameters is not RecordParameters its ? null : new NetworkParameters
        {
            Checkpoint = its.Weights.StartsWith("random:", StringComparison.Ordinal) ? its.Weights : NetworkOptions.DefaultCheckpoint,
            Weights = its.Weights,
            Precision = its.Precision,
            Compatibility = its.Compatibility,
            Compression = its.Compression,
            PicturesPerRecord = its.PicturesPerRecord,
        };
    }

    // The device family that the records' numbers depend on, unless the user names a device.
    private static EmbedDevice? DeviceOf(NetworkParameters made) =>
        made.Weights == Network.Simulated ? EmbedDevice.Simulated(1e6)
        : made.Precision.EndsWith("/cuda", StringComparison.Ordinal) ? EmbedDevice.Cuda(0)
        : null;
}
