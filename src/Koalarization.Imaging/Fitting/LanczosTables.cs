using System.Collections.Concurrent;

namespace Koalarization.Imaging.Fitting;

/// <summary>Remembers the weights of sizes seen before; thread-safe, bounded.</summary>
internal sealed class LanczosTables
{
    // About 20 kB each when reducing to 299; most pictures of a set share a few sizes.
    private const int MaxTables = 512;

    private readonly ConcurrentDictionary<(int Source, int Target), LanczosTable> _tables = new();

    public LanczosTable Get(int source, int target)
    {
        if (_tables.TryGetValue((source, target), out LanczosTable? table))
        {
            return table;
        }

        if (_tables.Count >= MaxTables)
        {
            _tables.Clear();
        }

        return _tables.GetOrAdd((source, target), static sizes => new LanczosTable(sizes.Source, sizes.Target));
    }
}
