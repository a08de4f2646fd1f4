namespace Koalarization.Dataset;

/// <summary>What a data set has, in numbers, from the first lines of its manifests.</summary>
/// <param name="Links">Links, each name once.</param>
/// <param name="Kept">Links with a picture.</param>
/// <param name="Failed">Links without one, by the latest outcome.</param>
/// <param name="Records">Records that are committed.</param>
/// <param name="LeftOut">Pictures that their record does not have.</param>
public sealed record SetTotals(long Links, long Kept, IReadOnlyDictionary<string, long> Failed, int Records, long LeftOut)
{
    /// <summary>Counts a data set.</summary>
    /// <param name="store">Where.</param>
    /// <param name="orFetched">Whether a slice counts that was fetched only.</param>
    public static SetTotals Read(IDataStore store, bool orFetched)
    {
        IReadOnlyList<(RoundOpened Opened, RoundClosed? Closed)> rounds = RoundFiles.Read(store);
        long kept = 0;
        var failed = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((RoundOpened opened, RoundClosed? closed) in rounds)
        {
            // Every link that failed in a round is tried again by the next: the last round's failures are the set's.
            bool isLast = opened.Round == rounds.Count;
            if (!isLast && closed is not null)
            {
                kept += closed.Survivors;
                continue;
            }

            foreach (SliceSummary slice in Slices(store, opened.Round, orFetched))
            {
                kept += slice.Survivors;
                foreach ((string outcome, int count) in slice.Outcomes.Where(pair => isLast && pair.Key != LinkRow.Kept))
                {
                    failed[outcome] = failed.GetValueOrDefault(outcome) + count;
                }
            }
        }

        IReadOnlyList<RecordManifest> records = RecordManifests.ReadAll(store);
        return new SetTotals(
            rounds.Count == 0 ? 0 : rounds[0].Opened.Links, kept, failed, records.Count, records.Sum(record => (long)record.LeftOut.Count));
    }

    private static IEnumerable<SliceSummary> Slices(IDataStore store, int round, bool orFetched)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        string[] folders = orFetched ? [DataLayout.SliceFolder(round), DataLayout.FetchedFolder(round)] : [DataLayout.SliceFolder(round)];
        return folders.SelectMany(folder => store.List(folder).Where(seen.Add).Select(name => SliceManifest.ReadSummary(store, $"{folder}/{name}")));
    }
}
