using Koalarization.Cluster.Hosting;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;
using Koalarization.Pipeline.Links;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Cluster.Fetching;

/// <summary>The rounds that a node has slices of, each opened once for all of them. Thread-safe; it touches the disk.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle is never asked for needs no disposal.
internal sealed class RoundContexts(NodeServices node, ResizerPool resizers)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _fileReads = new(2 * Environment.ProcessorCount);
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Data, int Round), Entry> _rounds = [];

    /// <summary>Works in a round. It is opened for the first, and closed when the last has ended.</summary>
    /// <param name="data">The data set's folder, relative to the store.</param>
    /// <param name="round">The round.</param>
    /// <param name="rules">How it is fetched; the same for all its slices.</param>
    /// <param name="work">What is done in it.</param>
    /// <exception cref="InvalidDataException">There is no such round, or it is damaged.</exception>
    public async Task<T> UseAsync<T>(string data, int round, FetchRules? rules, Func<RoundContext, Task<T>> work)
    {
        Entry entry = Enter(data, round, rules);
        try
        {
            return await work(entry.Context.Value);
        }
        finally
        {
            if (Leave(data, round, entry))
            {
                await entry.Context.Value.DisposeAsync();
            }
        }
    }

    private Entry Enter(string data, int round, FetchRules? rules)
    {
        lock (_gate)
        {
            if (!_rounds.TryGetValue((data, round), out Entry? entry))
            {
                entry = new Entry(() => Open(data, round, rules?.MaxPixels() ?? node.MaxPixels));
                _rounds.Add((data, round), entry);
            }

            entry.Users++;
            return entry;
        }
    }

    /// <summary>Whether the round is to be closed. One that could not be opened is forgotten at once: the next one tries again.</summary>
    private bool Leave(string data, int round, Entry entry)
    {
        lock (_gate)
        {
            bool isLast = --entry.Users == 0;
            bool isOpen = entry.Context.IsValueCreated;
            if ((isLast || !isOpen) && _rounds.GetValueOrDefault((data, round)) == entry)
            {
                _rounds.Remove((data, round));
            }

            return isLast && isOpen;
        }
    }

    private RoundContext Open(string data, int round, long maxPixels) => new(
        node.Stores.ToWrite(data, round),
        round,
        (size, rule) => new PooledResizer(resizers, new InProcessResizer(node.Codec, size, maxPixels, rule)),
        maxPixels,
        _fileReads,
        node.Time);

    private sealed class Entry(Func<RoundContext> open)
    {
        public Lazy<RoundContext> Context { get; } = new(open);

        public int Users { get; set; }
    }
}

/// <summary>Has pictures resized by the node's resizers.</summary>
internal sealed class PooledResizer(ResizerPool pool, InProcessResizer resizer) : IPictureResizer
{
    public ValueTask<ResizedPicture> ResizeAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation) =>
        new(pool.ResizeAsync(resizer, jpeg, cancellation));
}
