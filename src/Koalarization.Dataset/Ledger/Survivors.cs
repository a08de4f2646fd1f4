using Koalarization.Dataset.Slices;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Ledger;

/// <summary>The pictures of a record.</summary>
public static class Survivors
{
    /// <summary>The rows of a record's pictures, in its order, from the manifests of its slices.</summary>
    public static IEnumerable<LinkRow> Of(IDataStore store, RecordWork work) =>
        Enumerable.Range(work.FirstSlice, work.LastSlice - work.FirstSlice + 1)
            .SelectMany(slice => SliceManifest.Read(store, DataLayout.Slice(work.Round, slice)).Rows)
            .Where(row => row.IsKept)
            .Skip(work.Offset)
            .Take(work.Count);
}
