using System.Collections.Concurrent;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Storage;

namespace Koalarization.Cluster.Hosting;

/// <summary>
/// The data sets below a store's folder, as this process sees them: with a temporary space of its own in each round that it works on. Thread-safe.
/// </summary>
/// <param name="root">The store's folder, full path.</param>
/// <param name="owner">This process.</param>
public sealed class NodeStores(string root, NodeOwner owner) : IDisposable
{
    private readonly ConcurrentDictionary<(string Data, int Round), Lazy<FileDataStore>> _open = new();

    /// <summary>This process.</summary>
    public NodeOwner Owner => owner;

    /// <summary>The store's folder.</summary>
    public string Root => root;

    /// <summary>Called with each name before a content gets it, so that a test can hold this process there; null: not called.</summary>
    public Action<string>? BeforeName { get; init; }

    /// <summary>A data set's folder.</summary>
    /// <param name="data">Relative to the store; <c>.</c> is the store itself.</param>
    /// <exception cref="ArgumentException">It would lead out of the store.</exception>
    public string PathOf(string data) => DataPath.Checked(data) is "." ? root : Path.Combine(root, data);

    /// <summary>A data set for reading.</summary>
    public FileDataStore ToRead(string data) => new(PathOf(data));

    /// <summary>A data set with this process's temporary space of a round, which is made once. Touches the disk.</summary>
    /// <exception cref="IOException">Its folder is a link that leads out of the store.</exception>
    public FileDataStore ToWrite(string data, int round) =>
        _open.GetOrAdd((data, round), key => new Lazy<FileDataStore>(() =>
            new FileDataStore(Contained(key.Data), OwnerScratch.Of(key.Round, owner.Name)) { BeforeName = BeforeName })).Value;

    private string Contained(string data) =>
        RealPath.IsWithin(PathOf(data), root) ? PathOf(data) : throw new IOException($"{PathOf(data)} is a link that leads out of the store.");

    /// <summary>Removes this process's temporary spaces. Work that is still under way fails.</summary>
    public void Dispose()
    {
        foreach (((string data, int round), Lazy<FileDataStore> store) in _open)
        {
            if (store.IsValueCreated)
            {
                store.Value.Close();
                OwnerScratch.RemoveOwn(store.Value, round, owner.Name);
            }
        }
    }
}
