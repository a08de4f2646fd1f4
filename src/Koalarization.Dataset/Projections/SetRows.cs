using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
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

    /// <summary>The links of one round, by name, each with its row and the index of its picture in a record.</summary>
    /// <param name="store">Where.</param>
    /// <param name="plan">The round's plan.</param>
    /// <param name="firstRecord">The number of the round's first record.</param>
    /// <param name="picturesPerRecord">N.</param>
    private sealed class RoundRows(IDataStore store, RoundPlan plan, int firstRecord, int picturesPerRecord)
    {
        private RecordManifest? _manifest;
        private HashSet<string> _leftOut = [];
        private int _record = -1;
        private int _next;

        // Once a slice is open, it is unknown which record a later survivor belongs to.
        private bool _positionsAreKnown = true;

        /// <summary>Reads the round as a stream. To be read once.</summary>
        public IEnumerable<SetRow> Read()
        {
            long survivors = 0;
            for (int slice = 0; slice < plan.Slices; slice++)
            {
                IReadOnlyList<LinkRow>? rows = RowsOf(slice);
                IReadOnlyList<PlannedLink> links = plan.ReadSlice(slice);
                for (int i = 0; i < links.Count; i++)
                {
                    LinkRow? row = rows?[i];
                    (int Record, int Index, double Chroma)? position =
                        row is { IsKept: true, Resized: not null } && _positionsAreKnown ? PositionOf(survivors++, links[i].Name) : null;
                    yield return new SetRow(links[i], plan.Round, row, position?.Record, position?.Index, position?.Chroma);
                }
            }
        }

        private IReadOnlyList<LinkRow>? RowsOf(int slice)
        {
            string resolved = DataLayout.Slice(plan.Round, slice), fetched = DataLayout.Fetched(plan.Round, slice);
            if (store.SizeOf(resolved) is not null)
            {
                return SliceManifest.Read(store, resolved).Rows;
            }

            _positionsAreKnown = false;
            return store.SizeOf(fetched) is not null ? SliceManifest.Read(store, fetched).Rows : null;
        }

        private (int Record, int Index, double Chroma)? PositionOf(long survivor, string name)
        {
            int record = firstRecord + (int)(survivor / picturesPerRecord);
            if (record != _record)
            {
                (_record, _next) = (record, 0);
                _manifest = RecordManifest.Find(store, record);
                _leftOut = [.. _manifest?.LeftOut.Select(picture => picture.Name) ?? []];
            }

            if (_manifest is null || _leftOut.Contains(name))
            {
                return null;
            }

            int index = _next++;
            return (record, index, _manifest.Chroma[index]);
        }
    }
}
