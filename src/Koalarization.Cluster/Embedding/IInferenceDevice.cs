namespace Koalarization.Cluster.Embedding;

/// <summary>
/// A network on a device, behind a thread of its own. Batches are run in the order in which they are asked for. Thread-safe.
/// </summary>
public interface IInferenceDevice : IAsyncDisposable
{
    /// <summary>The network, without what decodes its pictures.</summary>
    (string Weights, string Precision) Network { get; }

    /// <summary>Pictures in a full batch: the one shape that is run.</summary>
    int BatchSize { get; }

    /// <summary>Computes the logits of a batch.</summary>
    /// <param name="names">1 to <see cref="BatchSize"/> names.</param>
    /// <param name="gray">[N, 299, 299] gray bytes, left as they are until the task is done.</param>
    /// <returns>[N, 1001] logits.</returns>
    /// <exception cref="DeviceOutOfMemoryException">The batch does not fit into the device's memory.</exception>
    Task<float[]> EmbedAsync(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray);

    /// <summary>Loads the network again with a smaller batch.</summary>
    Task ShrinkAsync(int batchSize);
}

/// <summary>A batch does not fit into a device's memory.</summary>
public sealed class DeviceOutOfMemoryException(string message, Exception? inner = null) : Exception(message, inner);
