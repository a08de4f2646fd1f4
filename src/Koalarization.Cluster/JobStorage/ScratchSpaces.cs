using System.Collections.Concurrent;
using Koalarization.Dataset.Storage;

namespace Koalarization.Cluster.JobStorage;

/// <summary>
/// Scratch spaces for single operations on a data set as a whole, each under an owner's name of its own in round 0: a round that ends removes none of them.
/// Thread-safe.
/// </summary>
/// <param name="root">The store's folder.</param>
internal sealed class ScratchSpaces(string root)
{
    private const int NoRound = 0;

    private readonly ConcurrentDictionary<string, bool> _open = new(StringComparer.Ordinal);

    /// <summary>The owners of the spaces that are open.</summary>
    public IEnumerable<string> Owners => _open.Keys;

    /// <summary>The folder of a data set, without a dot or a slash at its end.</summary>
    public string PathOf(string data) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(root, data)));

    /// <summary>Runs an operation with a scratch space, which is removed afterwards.</summary>
    public async Task<T> WithAsync<T>(string data, Func<FileDataStore, Task<T>> operation)
    {
        string owner = OwnerScratch.NewName();
        _open[owner] = true;
        var store = new FileDataStore(PathOf(data), OwnerScratch.Of(NoRound, owner));
        try
        {
            return await operation(store);
        }
        finally
        {
            store.Close();
            OwnerScratch.RemoveOwn(store, NoRound, owner);
            _open.TryRemove(owner, out _);
        }
    }

    /// <summary>Runs an operation with a scratch space, which is removed afterwards.</summary>
    public T With<T>(string data, Func<FileDataStore, T> operation) =>
        WithAsync(data, store => Task.FromResult(operation(store))).GetAwaiter().GetResult();

    /// <summary>Runs an operation with a scratch space, which is removed afterwards.</summary>
    public void With(string data, Action<FileDataStore> operation) => With(data, store =>
    {
        operation(store);
        return true;
    });
}
