using System.Collections.Concurrent;

namespace Koalarization.Cluster.Hosting;

/// <summary>
/// The highest epoch of each data set that this process has seen. A message with a lower one comes from a coordinator that was followed
/// by another, and is refused. Thread-safe.
/// </summary>
/// <param name="isPublished">
/// Whether a data set has an epoch in the store, where a coordinator publishes it before it uses it; it blocks. A message alone is not believed: with an epoch of its own
/// choice it would shut out the coordinator.
/// </param>
public sealed class EpochGuard(Func<string, long, bool> isPublished)
{
    private readonly ConcurrentDictionary<string, long> _highest = new(StringComparer.Ordinal);

    /// <summary>Whether an epoch is higher than any seen, so that it has to be looked up (<see cref="LookUp"/>) before <see cref="Accepts"/> believes it.</summary>
    public bool IsNew(string data, long epoch) => !_highest.TryGetValue(data, out long known) || epoch > known;

    /// <summary>Looks an epoch up in the store, and believes it from then on when it is there; else it is not believed. Blocks.</summary>
    public bool LookUp(string data, long epoch)
    {
        bool isThere = isPublished(data, epoch);
        if (isThere)
        {
            Accepts(data, epoch);
        }

        return isThere;
    }

    /// <summary>Records an epoch; true when it is the highest so far.</summary>
    /// <param name="data">The data set's folder, relative to the store.</param>
    /// <param name="epoch">The epoch of a message about it.</param>
    public bool Accepts(string data, long epoch) =>
        _highest.AddOrUpdate(data, epoch, (_, known) => Math.Max(known, epoch)) == epoch;
}
