using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Records;

/// <summary>All records that are committed.</summary>
public static class RecordManifests
{
    private const string Ending = ".json";

    /// <summary>The manifests, by number.</summary>
    /// <exception cref="InvalidDataException">One is not what this program wrote.</exception>
    public static IReadOnlyList<RecordManifest> ReadAll(IDataStore store) =>
    [
        .. store.List(DataLayout.RecordManifests)
            .Where(name => name.EndsWith(Ending, StringComparison.Ordinal))
            .Select(name => int.TryParse(name.AsSpan(0, name.Length - Ending.Length), out int number) ? number : -1)
            .Where(number => number >= 0)
            .Order()
            .Select(number => RecordManifest.Find(store, number)!),
    ];
}
