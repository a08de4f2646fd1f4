using Koalarization.Cluster.Embedding;
using Koalarization.Dataset.Wording;

namespace Koalarization.Koala.LabBatch;

/// <summary>A network on threads of its own, as the device of a node's embedder.</summary>
internal sealed class InferenceDevice : IInferenceDevice
{
    private readonly Network _network;
    private InferenceThreads _threads;

    private InferenceDevice(Network network, InferenceThreads threads) => (_network, _threads) = (network, threads);

    (string Weights, string Precision) IInferenceDevice.Network => (_network.Weights, _network.PrecisionKey);

    public int BatchSize => _threads.BatchSize;

    /// <summary>Loads a network.</summary>
    public static async Task<IInferenceDevice> StartAsync(Network network) => new InferenceDevice(network, await network.StartAsync());

    public async Task<float[]> EmbedAsync(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray)
    {
        try
        {
            return await _threads.EmbedAsync(names, gray);
        }
        catch (Exception exception) when (DeviceMemory.IsExhausted(exception))
        {
            throw new DeviceOutOfMemoryException($"a batch of {Amount.Of(names.Count, "picture")} does not fit into the memory of {_network.Device}.", exception);
        }
    }

    public async Task ShrinkAsync(int batchSize)
    {
        await _threads.DisposeAsync();
        _threads = await _network.StartAsync(batchSize);
    }

    public ValueTask DisposeAsync() => _threads.DisposeAsync();
}
