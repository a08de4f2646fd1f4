using System.Collections.Concurrent;
using Koalarization.Cluster.Coordination;

namespace Koalarization.Cluster.Writing;

/// <summary>
/// Admits one of a node's open records at a time to request logits, for each network, until its last pictures are requested. Records that asked
/// together would end together, and embedders would have nothing to do while all of them are made durable. Thread-safe.
/// </summary>
internal sealed class EmbedTurnstile
{
    private readonly ConcurrentDictionary<EmbedKey, SemaphoreSlim> _turns = new();

    /// <summary>Waits for a record's turn, which lasts until the result is disposed; disposing it twice does nothing more.</summary>
    public async Task<IDisposable> EnterAsync(EmbedKey key, CancellationToken cancellation)
    {
        SemaphoreSlim turns = _turns.GetOrAdd(key, _ => new SemaphoreSlim(1));
        await turns.WaitAsync(cancellation);
        return new Turn(turns);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                turns.Release();
            }
        }
    }
}
