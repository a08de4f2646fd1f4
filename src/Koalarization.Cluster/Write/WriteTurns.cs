using System.Collections.Concurrent;

namespace Koalarization.Cluster;

/// <summary>
/// Which of a node's open records asks for logits: one at a time for each network, until its last pictures are on their way. Records that asked
/// together would end together, and embedders would have nothing to do while all of them are made durable. Thread-safe.
/// </summary>
internal sealed class WriteTurns
{
    private readonly ConcurrentDictionary<EmbedKey, SemaphoreSlim> _turns = new();

    /// <summary>Waits for its turn, which lasts until what is given back is disposed of; that may be done twice.</summary>
    public async Task<IDisposable> TakeAsync(EmbedKey key, CancellationToken cancellation)
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
