using Koalarization.Dataset.Projections;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Ledger;

/// <summary>What a data set has, in numbers.</summary>
/// <param name="Links">Links, each name once.</param>
/// <param name="Kept">Links with a picture.</param>
/// <param name="Failed">Links without one, by the latest outcome.</param>
/// <param name="Records">Records that are committed.</param>
/// <param name="LeftOut">Pictures that their record does not have.</param>
public sealed record SetTotals(long Links, long Kept, IReadOnlyDictionary<string, long> Failed, int Records, long LeftOut)
{
    /// <summary>Takes the numbers from <c>dataset.json</c>, which is as current as it is.</summary>
    /// <exception cref="InvalidDataException">It is not what this program wrote.</exception>
    public static SetTotals Read(IDataStore store)
    {
        SetSummary summary = StateFile.Find<SetSummary>(store, DataLayout.Summary)!;
        var failed = summary.Outcomes
            .Where(pair => pair.Key is not (LinkRow.Kept or SetCounts.Open))
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return new SetTotals(
            summary.Links, summary.Pictures, failed, summary.Records.Count, summary.Records.Sum(record => (long)record.LeftOut.Count));
    }

    /// <summary>Counts a data set, from the first lines of its manifests.</summary>
    /// <param name="store">Where.</param>
    public static SetTotals Count(IDataStore store)
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

            foreach (SliceSummary slice in Slices(store, opened.Round))
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

    private static IEnumerable<SliceSummary> Slices(IDataStore store, int round)
    {
        string folder = DataLayout.SliceFolder(round);
        return store.List(folder).Select(name => SliceManifest.ReadSummary(store, $"{folder}/{name}"));
    }
}
