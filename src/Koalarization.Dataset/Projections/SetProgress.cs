using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Projections;

/// <summary>How far a data set is. What is committed only grows, so equal numbers are equal states.</summary>
/// <param name="ResolvedSlices">Slices of all rounds that are resolved.</param>
/// <param name="FetchedSlices">Slices that were fetched, and are not resolved.</param>
/// <param name="Records">Records that are committed.</param>
public sealed record SetProgress(int ResolvedSlices, int FetchedSlices, int Records)
{
    /// <summary>Counts, without opening a file.</summary>
    public static SetProgress Of(IDataStore store)
    {
        int resolved = 0, fetched = 0;
        int rounds = store.List(DataLayout.Rounds).Count(name => name.EndsWith(".open.json", StringComparison.Ordinal));
        for (int round = 1; round <= rounds; round++)
        {
            IReadOnlyList<string> done = store.List(DataLayout.SliceFolder(round));
            resolved += done.Count;
            fetched += store.List(DataLayout.FetchedFolder(round)).Except(done, StringComparer.Ordinal).Count();
        }

        return new SetProgress(resolved, fetched, store.List(DataLayout.RecordManifests).Count(name => name.EndsWith(".json", StringComparison.Ordinal)));
    }
}
