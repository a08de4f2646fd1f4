using Koalarization.Cluster.Embedding;

namespace Koalarization.FaultyHost;

/// <summary>A device that fails for good after some batches.</summary>
internal sealed class FailingDevice(IInferenceDevice sound, int batches) : IInferenceDevice
{
    private int _run;

    public (string Weights, string Precision) Network => sound.Network;

    public int BatchSize => sound.BatchSize;

    public Task<float[]> EmbedAsync(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray) =>
        Interlocked.Increment(ref _run) <= batches
            ? sound.EmbedAsync(names, gray)
            : Task.FromException<float[]>(new InvalidOperationException("the device has fallen off the bus."));

    public Task ShrinkAsync(int batchSize) => sound.ShrinkAsync(batchSize);

    public ValueTask DisposeAsync() => sound.DisposeAsync();
}
