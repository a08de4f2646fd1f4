using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Embedding;

/// <summary>A node's devices. They are loaded once, and outlive a restart of the embedder. Thread-safe.</summary>
/// <param name="makers">Make the devices.</param>
/// <param name="owner">The process.</param>
internal sealed class DevicePool(IReadOnlyList<Func<Task<IInferenceDevice>>> makers, NodeOwner owner) : IAsyncDisposable
{
    private readonly Lazy<Task<IInferenceDevice>[]> _loading = new(() => [.. makers.Select(make => Task.Run(make))]);
    private int _starts;

    /// <summary>The devices, as soon as all are loaded; fails as the first that cannot be.</summary>
    public async Task<IReadOnlyList<IInferenceDevice>> LoadAsync()
    {
        IInferenceDevice[] devices = await Task.WhenAll(_loading.Value);
        if (devices.Length == 0)
        {
            throw new InvalidOperationException("This node embeds, and has no device: name one with --device.");
        }

        if (Array.Find(devices, device => device.Network != devices[0].Network) is IInferenceDevice other)
        {
            throw new InvalidOperationException($"A node's devices share one network: {devices[0].Network} and {other.Network} are two.");
        }

        return devices;
    }

    /// <summary>A name for the next embedder that works with them.</summary>
    public string NextIncarnation() => $"{owner}/{Interlocked.Increment(ref _starts)}";

    public async ValueTask DisposeAsync()
    {
        if (!_loading.IsValueCreated)
        {
            return;
        }

        foreach (Task<IInferenceDevice> loading in _loading.Value)
        {
            await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (loading.IsCompletedSuccessfully)
            {
                await (await loading).DisposeAsync();
            }
        }
    }
}
