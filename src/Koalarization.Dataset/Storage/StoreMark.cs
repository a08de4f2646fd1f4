namespace Koalarization.Dataset.Storage;

/// <summary>
/// A name that a store's folder has for good, made by the first node in it (<c>.koala/store.json</c>): nodes of other stores are told by it.
/// </summary>
/// <param name="Id">A random name.</param>
public sealed record StoreMark(string Id)
{
    /// <summary>Its file, relative to the store.</summary>
    public const string Name = DataLayout.State + "/store.json";

    /// <summary>The folder's mark. Touches the disk.</summary>
    /// <param name="root">The store's folder.</param>
    /// <param name="trial">A folder below it that no other process uses, relative to it, which the caller removes.</param>
    public static string Of(string root, string trial)
    {
        if (StateFile.Find<StoreMark>(new FileDataStore(root), Name) is StoreMark known)
        {
            return known.Id;
        }

        var store = new FileDataStore(root, trial);
        try
        {
            return StateFile.Fix(store, Name, new StoreMark(Guid.NewGuid().ToString("N"))).Id;
        }
        finally
        {
            store.Close();
        }
    }
}
