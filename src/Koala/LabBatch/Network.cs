using Koalarization.Checkpoints;
using Koalarization.Inception;
using Koalarization.Inception.Devices;
using Koalarization.Inception.Weights;

namespace Koalarization.Koala.LabBatch;

/// <summary>A network and its devices, before it is loaded.</summary>
/// <param name="weights">Its weights; only simulated devices do without.</param>
/// <param name="options">How it is run; the device is the first.</param>
/// <param name="devices">Where it is run; all are of one kind.</param>
/// <param name="checkpoint">What the weights are read from.</param>
/// <param name="source">Where they were found.</param>
internal sealed class Network(
    INetworkWeights? weights, EmbedderOptions options, IReadOnlyList<EmbedDevice> devices, Checkpoint? checkpoint, string source) : IAsyncDisposable
{
    /// <summary>The name of what a simulated device has in place of weights.</summary>
    public const string Simulated = "simulated";

    // One copies and queues while the other computes.
    private const int ThreadsOfGpu = 2;

    private readonly Lock _lock = new();
    private readonly List<InferenceThreads> _threads = [];
    private CancellationTokenRegistration _stopping;
    private bool _isStopped;
    private bool _isCheckpointClosed;

    /// <summary>Where the weights were found: the URL that the user gave, the full path, <c>random:SEED</c>, or <c>simulated</c>.</summary>
    public string Source => source;

    /// <summary>The weights' SHA-256, <c>random:SEED</c>, or <c>simulated</c>.</summary>
    public string Weights { get; } = weights?.Identity ?? Simulated;

    /// <summary>Pictures in a full batch, where the user named a number.</summary>
    public int? BatchSize => options.BatchSize;

    public bool IsRandom => weights?.IsRandom ?? true;

    /// <summary>The devices' names, with commas between them.</summary>
    public string Device => string.Join(',', devices);

    /// <summary>Its devices.</summary>
    public IReadOnlyList<EmbedDevice> Devices => devices;

    /// <summary>The precision; other than for fp32 with the device family, since numbers differ between families.</summary>
    public string PrecisionKey
    {
        get
        {
            string precision = options.Precision.ToString().ToLowerInvariant();
            return options.Precision == EmbedPrecision.Fp32 ? precision : $"{precision}/{options.Device.Kind.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>Loads the network on all its devices.</summary>
    public Task<InferenceThreads> StartAsync() => StartAsync(devices, options.BatchSize);

    /// <summary>Loads the network on some of its devices; for smaller batches where a GPU has not the memory.</summary>
    /// <exception cref="IOException">It was loaded on a CPU before, and its checkpoint is closed.</exception>
    public async Task<InferenceThreads> StartAsync(IReadOnlyList<EmbedDevice> on, int? batchSize)
    {
        if (_isCheckpointClosed)
        {
            throw new IOException($"the network does not fit into this machine's memory; use a --max-batch below {options.BatchSize}.");
        }

        for (EmbedderOptions with = options with { BatchSize = batchSize }; ; with = with with { BatchSize = Embedders.BatchSizeOf(with) / 2 })
        {
            InferenceThreads threads = NewThreads(on, with);
            try
            {
                await threads.Loaded;
            }
            catch (Exception exception) when (DeviceMemory.IsExhausted(exception) && options.Device.Kind == EmbedDeviceKind.Cuda && Embedders.BatchSizeOf(with) > 1)
            {
                await threads.DisposeAsync();
                continue;
            }

            if (options.Device.Kind == EmbedDeviceKind.Cpu)
            {
                // The network has its own copy of the weights, so the mapped file is closed. A GPU may have to load it again for smaller batches.
                checkpoint?.Dispose();
                _isCheckpointClosed = checkpoint is not null;
            }

            return threads;
        }
    }

    /// <summary>Stops all threads as soon as a token is cancelled; none starts after that.</summary>
    public void StopOn(CancellationToken cancellation) => _stopping = cancellation.Register(() => _ = Stop());

    /// <summary>Stops all threads and waits until they have ended: libtorch must not compute while its process ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.Unregister();
        foreach (InferenceThreads thread in Stop())
        {
            await thread.DisposeAsync();
        }

        checkpoint?.Dispose();
    }

    private InferenceThreads NewThreads(IReadOnlyList<EmbedDevice> on, EmbedderOptions with)
    {
        lock (_lock)
        {
            if (_isStopped)
            {
                throw new OperationCanceledException("the network is stopped.");
            }

            int each = with.Device.Kind == EmbedDeviceKind.Cuda ? ThreadsOfGpu : 1;
            var threads = new InferenceThreads(
                [.. on.SelectMany(device => Enumerable.Repeat<Func<CancellationToken, IEmbedder>>(stop => Embedders.Create(weights, with with { Device = device }, clock: null, stop), each))]);
            _threads.Add(threads);
            return threads;
        }
    }

    private InferenceThreads[] Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            _threads.ForEach(thread => thread.Stop());
            return [.. _threads];
        }
    }
}
