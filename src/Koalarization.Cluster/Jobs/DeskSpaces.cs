using System.Collections.Concurrent;
using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>
/// Temporary spaces for single pieces of work on a data set as a whole, under names of their own in round 0: no owner's space is made twice, and
/// a round that ends takes none of them with it. Thread-safe.
/// </summary>
/// <param name="root">The store's folder.</param>
internal sealed class DeskSpaces(string root)
{
    private const int NoRound = 0;

    private readonly ConcurrentDictionary<string, bool> _open = new(StringComparer.Ordinal);

    /// <summary>The owners of the spaces that are open.</summary>
    public IEnumerable<string> Owners => _open.Keys;

    /// <summary>The folder of a data set, without a dot or a slash at its end.</summary>
    public string PathOf(string data) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(root, data)));

    /// <summary>Runs work with a temporary space, which is gone afterwards.</summary>
    public async Task<T> WithAsync<T>(string data, Func<FileDataStore, Task<T>> work)
    {
        string owner = OwnerSpace.NewName();
        _open[owner] = true;
        var store = new FileDataStore(PathOf(data), OwnerSpace.Of(NoRound, owner));
        try
        {
            return await work(store);
        }
        finally
        {
            store.Close();
            OwnerSpace.RemoveOwn(store, NoRound, owner);
            _open.TryRemove(owner, out _);
        }
    }

    /// <summary>Runs work with a temporary space, which is gone afterwards.</summary>
    public T With<T>(string data, Func<FileDataStore, T> work) => WithAsync(data, store => Task.FromResult(work(store))).GetAwaiter().GetResult();
}
