using System.Globalization;
using Koalarization.Dataset.Records;

namespace Koalarization.Dataset.Storage;

/// <summary>
/// The folder that a step writes to, locked: a second program is kept out, and what a killed one left in its temporary space is gone.
/// </summary>
public sealed class WorkFolder : IDisposable
{
    private readonly FolderLock _lock;
    private readonly FolderLock? _set;

    private WorkFolder(string folder, FileDataStore store, FolderLock @lock, FolderLock? set)
    {
        Folder = folder;
        Store = store;
        _lock = @lock;
        _set = set;
    }

    /// <summary>The folder that the step publishes to.</summary>
    public string Folder { get; }

    /// <summary>The folder, as a store with a temporary space of the step's own.</summary>
    public FileDataStore Store { get; }

    /// <summary>Makes the folder where it is missing, and locks it; and the data set that it is a part of, where a run made one.</summary>
    /// <exception cref="FolderInUseException">Another program works on the folder.</exception>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    public static WorkFolder Open(string folder)
    {
        FolderLock? set = PictureFolder.DataSetOf(folder) is string data ? FolderLock.Take(data) : null;
        FolderLock? held = null;
        try
        {
            held = FolderLock.Take(folder);
            RemoveOthers(folder);
            return new WorkFolder(folder, new FileDataStore(folder, $"{DataLayout.Temporary}/{OwnerScratch.NewName()}"), held, set);
        }
        catch
        {
            held?.Dispose();
            set?.Dispose();
            throw;
        }
    }

    /// <summary>Writes something to remember, unless an earlier run wrote it, and returns the stored value.</summary>
    /// <param name="name">A name below the folder's state.</param>
    /// <param name="content">What to remember.</param>
    public string FixState(string name, string content)
    {
        string inState = $"{DataLayout.State}/{name}";
        StateFile.Publish(Store, inState, System.Text.Encoding.UTF8.GetBytes(content));
        using var reader = new StreamReader(Store.Open(inState));
        return reader.ReadToEnd();
    }

    /// <summary>Removes the temporary space and gives the lock back. Open drafts fail.</summary>
    public void Dispose()
    {
        try
        {
            Store.Close();
            if (Store.List(DataLayout.Temporary).Count == 0)
            {
                Store.RemoveFolder(DataLayout.Temporary);
            }
        }
        finally
        {
            _lock.Dispose();
            _set?.Dispose();
        }
    }

    // Those of a round say which slices their owners were lost with; they are counted, and removed, by who continues the round.
    private static void RemoveOthers(string folder)
    {
        var store = new FileDataStore(folder);
        foreach (string name in store.List(DataLayout.Temporary).Where(name => !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            store.RemoveFolder($"{DataLayout.Temporary}/{name}");
        }
    }
}
