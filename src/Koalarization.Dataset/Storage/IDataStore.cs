namespace Koalarization.Dataset.Storage;

/// <summary>
/// Where a data set lives, seen as contents under names. A content gets its name whole or not at all, and a name that is taken stays as it is:
/// the first to publish wins. Names are relative, with slashes; a name's folder needs no making. Thread-safe.
/// </summary>
/// <remarks>
/// After power loss a content that was not flushed may be gone or cut short, and a name whose folder was not flushed may be missing, in any
/// combination. Every commit is written so that this does no harm: contents are flushed before they are named, names before others build on them.
/// </remarks>
public interface IDataStore
{
    /// <summary>The names right below a folder, folders included, without the folder's own, in ordinal order; none where there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>The size in bytes of what has a name; null where nothing has it.</summary>
    long? SizeOf(string name);

    /// <summary>Opens what has a name for reading.</summary>
    /// <exception cref="FileNotFoundException">Nothing has the name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    Stream Open(string name);

    /// <summary>Begins a content in the caller's own temporary space.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    IDraft NewDraft();

    /// <summary>Makes the contents of drafts durable, as one group.</summary>
    void Flush(IReadOnlyCollection<IDraft> drafts);

    /// <summary>Gives a finished draft its name, and takes it out of the temporary space whether it got the name or not.</summary>
    /// <returns>
    /// Whether the name was free. Over a network a lost reply makes a winner see false: who must know reads the name.
    /// </returns>
    bool Publish(IDraft draft, string name);

    /// <summary>Gives what has a name another one besides.</summary>
    /// <returns>Whether the other name was free.</returns>
    /// <exception cref="FileNotFoundException">Nothing has the first name.</exception>
    bool PublishAlso(string existing, string name);

    /// <summary>Puts a finished, flushed draft under a name that a reader may see change: for views, which can be made again.</summary>
    void Replace(IDraft draft, string name);

    /// <summary>Makes the names right below a folder durable.</summary>
    void FlushNames(string folder);

    /// <summary>Takes a name away; nothing happens where nothing has it.</summary>
    void Remove(string name);
}
