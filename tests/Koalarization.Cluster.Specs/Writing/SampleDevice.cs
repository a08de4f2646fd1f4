using System.Globalization;
using Koalarization.Cluster.Embedding;

namespace Koalarization.Cluster.Specs.Writing;

/// <summary>A device whose logits tell whose they are, and which waits where a test wants it to.</summary>
internal sealed class SampleDevice : IInferenceDevice
{
    private readonly SemaphoreSlim _batches = new(0);
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A batch waits to be let run.</summary>
    public Task Waits => _waits.Task;

    public (string Weights, string Precision) Network => ("simulated", "fp32");

    public int BatchSize => 8;

    /// <summary>Releases that many batches.</summary>
    public void Run(int batches) => _batches.Release(batches);

    public async Task<float[]> EmbedAsync(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray)
    {
        if (!await _batches.WaitAsync(TimeSpan.Zero))
        {
            _waits.TrySetResult();
            await _batches.WaitAsync();
        }

        return [.. names.SelectMany(name => Enumerable.Repeat(float.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), EmbedProtocol.Logits))];
    }

    public Task ShrinkAsync(int batchSize) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _batches.Release(1000);
        return ValueTask.CompletedTask;
    }
}
