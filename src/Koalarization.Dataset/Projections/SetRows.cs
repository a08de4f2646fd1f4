using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Projections;

/// <summary>Every link that was ever planned, by name, with its latest row: the rounds merged, in memory that does not grow with their number.</summary>
public static class SetRows
{
    /// <summary>Reads a data set as a stream.</summary>
    /// <param name="store">Where.</param>
    /// <exception cref="InvalidDataException">Its files are not what this program wrote, or do not belong together.</exception>
    public static IEnumerable<SetRow> Read(IDataStore store)
    {
        int picturesPerRecord = NetworkParameters.Find(store)?.PicturesPerRecord ?? int.MaxValue;
        List<IEnumerator<SetRow>> rounds = [.. Rounds(store, picturesPerRecord).Select(round => round.Read().GetEnumerator())];
        try
        {
            rounds.RemoveAll(round => !round.MoveNext());
            while (rounds.Count > 0)
            {
                string first = rounds.Select(round => round.Current.Link.Name).Min(StringComparer.Ordinal)!;
                IEnumerator<SetRow>[] here = [.. rounds.Where(round => string.Equals(round.Current.Link.Name, first, StringComparison.Ordinal))];

                // A later round that has not come to the link says less than an earlier one.
                yield return here.LastOrDefault(round => round.Current.Row is not null)?.Current ?? here[^1].Current;
                foreach (IEnumerator<SetRow> round in here)
                {
                    if (!round.MoveNext())
                    {
                        rounds.Remove(round);
                    }
                }
            }
        }
        finally
        {
            rounds.ForEach(round => round.Dispose());
        }
    }

    private static IEnumerable<RoundRows> Rounds(IDataStore store, int picturesPerRecord)
    {
        Dictionary<int, int> firstRecords = [];
        foreach ((RoundOpened _, RoundClosed? closed) in RoundFiles.Read(store).Where(round => round.Closed is not null))
        {
            firstRecords[closed!.Round] = closed.FirstRecord;
        }

        foreach (OpenRound open in OpenRound.ReadAll(store, picturesPerRecord, orFetched: false))
        {
            firstRecords[open.Plan.Round] = open.Ledger.FirstRecord;
        }

        return firstRecords.OrderBy(round => round.Key)
            .Select(round => new RoundRows(store, RoundPlan.Find(store, round.Key)!, round.Value, picturesPerRecord));
    }
}
