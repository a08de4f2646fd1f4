using Koalarization.Checkpoints;
using Koalarization.Inception;
using Koalarization.Inception.Devices;
using Koalarization.Inception.Weights;

namespace Koalarization.Koala.LabBatch;

/// <summary>Which network runs and where, before it is loaded.</summary>
internal sealed class Network(INetworkWeights? weights, EmbedderOptions options, Checkpoint? checkpoint, string source) : IAsyncDisposable
{
    private bool _isLetGo;

    /// <summary>Where the weights were found, as the user said it; a file's full path.</summary>
    public string Source => source;

    /// <summary>The weights' SHA-256, <c>random:SEED</c>, or <c>simulated</c>.</summary>
    public string Weights { get; } = weights?.Identity ?? "simulated";

    public bool IsRandom => weights?.IsRandom ?? true;

    public string Device => options.Device.ToString();

    /// <summary>The precision; for others than fp32 with the device family, since their numbers differ between families.</summary>
    public string PrecisionKey
    {
        get
        {
            string precision = options.Precision.ToString().ToLowerInvariant();
            return options.Precision == EmbedPrecision.Fp32 ? precision : $"{precision}/{options.Device.Kind.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>Loads the network on a thread of its own.</summary>
    public Task<InferenceThread> StartAsync() => StartAsync(options.BatchSize);

    /// <summary>Loads the network on a thread of its own, for batches of another size.</summary>
    /// <exception cref="IOException">It was loaded on a CPU before, and its weights are in no memory any more.</exception>
    public async Task<InferenceThread> StartAsync(int? batchSize)
    {
        if (_isLetGo)
        {
            throw new IOException($"the network does not fit into this machine's memory; give a smaller --max-batch than {options.BatchSize}.");
        }

        InferenceThread thread = await InferenceThread.StartAsync(() => Embedders.Create(weights, options with { BatchSize = batchSize }));
        if (options.Device.Kind == EmbedDeviceKind.Cpu)
        {
            // The network has its own copy: the mapped file need not stay in memory beside it. A GPU may have to load it again in smaller batches.
            checkpoint?.Dispose();
            _isLetGo = checkpoint is not null;
        }

        return thread;
    }

    public ValueTask DisposeAsync()
    {
        checkpoint?.Dispose();
        return ValueTask.CompletedTask;
    }
}
