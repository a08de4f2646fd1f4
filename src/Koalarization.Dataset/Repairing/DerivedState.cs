using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Verifying;

namespace Koalarization.Dataset.Repairing;

/// <summary>The parts of a data set's state that its other parts give: the links of plans, by their hash; the ends of rounds; the views.</summary>
public static class DerivedState
{
    /// <summary>Restores the links of plans that are damaged or gone, where the same links are found elsewhere.</summary>
    /// <param name="store">The data set.</param>
    /// <param name="firstRound">The links of the first round, as another file has them.</param>
    /// <param name="changes">Whether anything is written.</param>
    /// <returns>The names of what was restored, or would be.</returns>
    public static IReadOnlyList<string> RestorePlans(IDataStore store, Func<IEnumerable<PlannedLink>> firstRound, bool changes)
    {
        List<string> restored = [];
        for (int round = 1; store.SizeOf(DataLayout.PlanIndex(round)) is not null; round++)
        {
            try
            {
                if (!RoundPlan.HasItsLinks(store, round)
                    && (round == 1 ? firstRound() : RoundPlan.Find(store, round - 1)?.ReadFailed()) is IEnumerable<PlannedLink> links
                    && RoundPlan.TryRestoreLinks(store, round, links, changes))
                {
                    restored.Add(DataLayout.PlanLinks(round));
                }
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException)
            {
                // It stays as it is, and the verification names it.
            }
        }

        return restored;
    }

    /// <summary>Writes the ends of rounds again that are not what the slices give.</summary>
    /// <param name="store">The data set.</param>
    /// <param name="missing">Whether those that are missing are written too, of rounds whose records are all there; else those that differ.</param>
    /// <param name="changes">Whether anything is written.</param>
    /// <returns>The rounds whose ends were written, or would be.</returns>
    public static IReadOnlyList<int> RestoreEnds(IDataStore store, bool missing, bool changes)
    {
        List<int> restored = [];
        int firstRecord = 0;
        try
        {
            int? picturesPerRecord = NetworkParameters.Find(store)?.PicturesPerRecord;
            for (int round = 1; picturesPerRecord is int n && store.SizeOf(DataLayout.RoundOpen(round)) is not null; round++)
            {
                if (EndOf(store, round, firstRecord, n) is not RoundClosed end)
                {
                    break;
                }

                string name = DataLayout.RoundClosed(round);
                bool isThere = store.SizeOf(name) is not null;
                if (isThere ? !IsTheSame(store, name, end) : missing && HasRecords(store, end))
                {
                    restored.Add(round);
                    if (changes)
                    {
                        StateFile.Replace(store, name, end);
                    }
                }

                firstRecord += end.Records;
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // What cannot be read is named by the verification.
        }

        return restored;
    }

    /// <summary>The views that are missing, or not what the manifests give.</summary>
    public static IReadOnlyList<Finding> StaleViews(IDataStore store)
    {
        List<Finding> stale = [];
        new ViewCheck(new Inspection(store, isQuick: false, parallel: 1, stale.Add, _ => { })).Run();
        return stale;
    }

    /// <summary>Whether every round is closed, so that the views are final.</summary>
    public static bool IsFinished(IDataStore store)
    {
        try
        {
            return RoundFiles.Read(store) is { Count: > 0 } rounds && rounds.All(round => round.Closed is not null);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static RoundClosed? EndOf(IDataStore store, int round, int firstRecord, int picturesPerRecord)
    {
        if (RoundPlan.Find(store, round) is not RoundPlan plan)
        {
            return null;
        }

        long survivors = 0;
        for (int slice = 0; slice < plan.Slices; slice++)
        {
            string name = DataLayout.Slice(round, slice);
            if (store.SizeOf(name) is null)
            {
                return null;
            }

            survivors += SliceManifest.Read(store, name).Summary.Survivors;
        }

        return new RoundClosed(round, survivors, firstRecord, (int)((survivors + picturesPerRecord - 1) / picturesPerRecord));
    }

    private static bool IsTheSame(IDataStore store, string name, RoundClosed end)
    {
        try
        {
            return StateFile.Find<RoundClosed>(store, name) == end;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool HasRecords(IDataStore store, RoundClosed end) =>
        Enumerable.Range(end.FirstRecord, end.Records).All(number =>
        {
            var record = new RecordName(number);
            return store.SizeOf(RecordLayout.Manifest(number)) is not null
                && (store.SizeOf(RecordLayout.OfDataSet.Final(record)) ?? store.SizeOf(RecordLayout.OfDataSet.Final(record.Other))) is not null;
        });
}
