using System.Runtime.InteropServices;
using Koalarization.Cluster.Embedding;
using Koalarization.Dataset.Wording;

namespace Koalarization.Koala.LabBatch;

/// <summary>A network on its own thread, as the device of a node's embedder.</summary>
internal sealed class InferenceDevice : IInferenceDevice
{
    private readonly Network _network;
    private InferenceThread _thread;

    private InferenceDevice(Network network, InferenceThread thread) => (_network, _thread) = (network, thread);

    (string Weights, string Precision) IInferenceDevice.Network => (_network.Weights, _network.PrecisionKey);

    public int BatchSize => _thread.BatchSize;

    /// <summary>Loads a network.</summary>
    public static async Task<IInferenceDevice> StartAsync(Network network) => new InferenceDevice(network, await network.StartAsync());

    public async Task<float[]> EmbedAsync(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray)
    {
        try
        {
            return await _thread.EmbedAsync(names, gray);
        }
        catch (Exception exception) when (IsOutOfMemory(exception))
        {
            throw new DeviceOutOfMemoryException($"a batch of {Amount.Of(names.Count, "picture")} does not fit into the memory of {_network.Device}.", exception);
        }
    }

    public async Task ShrinkAsync(int batchSize)
    {
        await _thread.DisposeAsync();
        _thread = await _network.StartAsync(batchSize);
    }

    public ValueTask DisposeAsync() => _thread.DisposeAsync();

    // Torch has no exception type for it, only messages: "CUDA out of memory", "not enough memory".
    private static bool IsOutOfMemory(Exception exception) =>
        exception is OutOfMemoryException
        || (exception is ExternalException && (exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || exception.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)));
}
