using System.Globalization;
using Koalarization.Dataset.Storage;
using Koalarization.Records.Compression;

namespace Koalarization.Dataset.Records;

/// <summary>The records of a data set or a folder. Done is a record whose manifest exists and whose file exists, in either set.</summary>
/// <param name="store">Where.</param>
/// <param name="layout">Under which names.</param>
public sealed class RecordSet(IDataStore store, RecordLayout layout)
{
    private const string ManifestEnding = ".json";
    private const string DataEnding = ".data";

    /// <summary>
    /// Completes what an earlier writer committed and did not finish, and removes contents that were never committed: their writers are gone, for
    /// the caller holds the lock.
    /// </summary>
    /// <returns>The manifests of the records that are done, by number.</returns>
    /// <exception cref="RecordConflictException">A record's file is gone, is not its own, exists twice, or has no manifest.</exception>
    public IReadOnlyDictionary<int, RecordManifest> Complete() => Complete(othersWrite: false);

    /// <summary>The same while others may be writing records: a content whose record has no manifest is about to get one, and stays.</summary>
    /// <returns>The manifests of the records that are done, by number.</returns>
    /// <exception cref="RecordConflictException">A record's file is gone, is not its own, exists twice, or has no manifest.</exception>
    public IReadOnlyDictionary<int, RecordManifest> CompleteBesideWriters() => Complete(othersWrite: true);

    /// <summary>Completes one record, if it is committed.</summary>
    /// <returns>Its manifest; null while it has none.</returns>
    /// <exception cref="RecordConflictException">The record's file is gone, or is not its own.</exception>
    public RecordManifest? Complete(int number)
    {
        if (RecordManifest.Find(store, number) is not RecordManifest manifest)
        {
            return null;
        }

        var commit = new RecordCommit(store, layout, number);
        store.FlushNames(DataLayout.RecordManifests);
        commit.LinkIfMissing(manifest);
        store.FlushNames(layout.Folder);
        commit.RemoveData(manifest);
        return manifest;
    }

    /// <summary>Begins a record.</summary>
    public RecordAssembler NewRecord(int number, RecordCompression compression) => new(store, layout, number, compression);

    /// <summary>Takes every record away with its manifest, in either set, so that they can be made again. Files that are not records stay.</summary>
    public void Clear()
    {
        // Files first: a file without a manifest would be refused as foreign, a manifest without a file is only incomplete, and cleared again.
        foreach (string name in store.List(layout.Folder).Where(name => RecordName.TryParse(name, out _)))
        {
            store.Remove(InFolder(name));
        }

        store.FlushNames(layout.Folder);
        foreach (string name in store.List(DataLayout.RecordManifests))
        {
            store.Remove($"{DataLayout.RecordManifests}/{name}");
        }

        store.FlushNames(DataLayout.RecordManifests);
    }

    private Dictionary<int, RecordManifest> Complete(bool othersWrite)
    {
        (ILookup<int, string> finals, ILookup<int, string> data, List<int> committed) = ListAll();
        RefuseForeign(finals, committed);
        var manifests = committed.ToDictionary(number => number, number => RecordManifest.Find(store, number)!);
        var unfinished = committed.Where(number => !finals.Contains(number) || data.Contains(number)).ToList();
        if (unfinished.Count > 0)
        {
            // A writer that was killed may not have come to it: a file must not outlive its manifest.
            store.FlushNames(DataLayout.RecordManifests);
        }

        foreach (int number in unfinished)
        {
            new RecordCommit(store, layout, number).LinkIfMissing(manifests[number]);
        }

        foreach (int number in committed.Except(unfinished))
        {
            RefuseOtherSize(finals[number].Single(), manifests[number]);
        }

        if (unfinished.Count > 0)
        {
            store.FlushNames(layout.Folder);
        }

        foreach (string name in data.Where(names => !othersWrite || manifests.ContainsKey(names.Key)).SelectMany(names => names))
        {
            store.Remove(name);
        }

        return manifests;
    }

    private static int? NumberOf(string name, string ending)
    {
        int end = name.IndexOf('.');
        return name.EndsWith(ending, StringComparison.Ordinal) && end > 0
            && int.TryParse(name.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
    }

    private static void RefuseForeign(ILookup<int, string> finals, List<int> committed)
    {
        var known = committed.ToHashSet();
        foreach (IGrouping<int, string> names in finals.OrderBy(names => names.Key))
        {
            if (!known.Contains(names.Key))
            {
                throw RecordConflictException.Foreign(names.First());
            }

            if (names.Count() > 1)
            {
                throw new RecordConflictException($"{string.Join(" and ", names)} are one record under two names; remove one of them.");
            }
        }
    }

    private void RefuseOtherSize(string name, RecordManifest manifest)
    {
        long? bytes = store.SizeOf(name);
        if (bytes != manifest.Bytes)
        {
            throw new RecordConflictException(
                $"{name} has {bytes ?? 0} bytes where {manifest.Bytes} were written; restore it from a copy, or remove it and {RecordLayout.Manifest(manifest.Record)} to have it made again.");
        }
    }

    private string InFolder(string name) => layout.Folder.Length == 0 ? name : $"{layout.Folder}/{name}";

    private (ILookup<int, string> Finals, ILookup<int, string> Data, List<int> Committed) ListAll()
    {
        // The manifests are listed last: a file gets its final name after its manifest is there.
        ILookup<int, string> finals = store.List(layout.Folder)
            .Select(name => (Name: name, IsRecord: RecordName.TryParse(name, out RecordName record), record.Number))
            .Where(file => file.IsRecord)
            .ToLookup(file => file.Number, file => InFolder(file.Name));
        IReadOnlyList<string> state = store.List(DataLayout.RecordManifests);
        ILookup<int, string> data = state
            .Where(name => NumberOf(name, DataEnding) is not null)
            .ToLookup(name => NumberOf(name, DataEnding)!.Value, name => $"{DataLayout.RecordManifests}/{name}");
        List<int> committed = [.. state.Select(name => NumberOf(name, ManifestEnding)).OfType<int>().Order()];
        return (finals, data, committed);
    }
}
