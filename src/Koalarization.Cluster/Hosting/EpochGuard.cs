using System.Collections.Concurrent;

namespace Koalarization.Cluster.Hosting;

/// <summary>
/// The highest epoch of each data set that this process has seen. A message with a lower one comes from a coordinator that was followed
/// by another, and is refused. Thread-safe.
/// </summary>
public sealed class EpochGuard
{
    private readonly ConcurrentDictionary<string, long> _highest = new(StringComparer.Ordinal);

    /// <summary>Records an epoch; true when it is the highest so far.</summary>
    /// <param name="data">The data set's folder, relative to the store.</param>
    /// <param name="epoch">The epoch of a message about it.</param>
    public bool Accepts(string data, long epoch) =>
        _highest.AddOrUpdate(data, epoch, (_, known) => Math.Max(known, epoch)) == epoch;
}
