using Koalarization.Cluster.Embedding;
using Koalarization.Dataset.Wording;
using Koalarization.Inception.Devices;

namespace Koalarization.Koala.LabBatch;

/// <summary>A network on one of its devices, as a device of a node's embedder.</summary>
internal sealed class InferenceDevice : IInferenceDevice
{
    private readonly Network _network;
    private readonly EmbedDevice _device;
    private InferenceThreads _threads;

    private InferenceDevice(Network network, EmbedDevice device, InferenceThreads threads) => (_network, _device, _threads) = (network, device, threads);

    (string Weights, string Precision) IInferenceDevice.Network => (_network.Weights, _network.PrecisionKey);

    public int BatchSize => _threads.BatchSize;

    /// <summary>Loads a network on one of its devices.</summary>
    public static async Task<IInferenceDevice> StartAsync(Network network, EmbedDevice device) =>
        new InferenceDevice(network, device, await network.StartAsync([device], network.BatchSize));

    public async Task<float[]> EmbedAsync(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray)
    {
        try
        {
            return await _threads.EmbedAsync(names, gray);
        }
        catch (Exception exception) when (DeviceMemory.IsExhausted(exception))
        {
            throw new DeviceOutOfMemoryException($"a batch of {Amount.Of(names.Count, "picture")} does not fit into the memory of {_device}.", exception);
        }
    }

    public async Task ShrinkAsync(int batchSize)
    {
        await _threads.DisposeAsync();
        _threads = await _network.StartAsync([_device], batchSize);
    }

    public ValueTask DisposeAsync() => _threads.DisposeAsync();
}
