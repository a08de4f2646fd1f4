using Koalarization.Dataset.Projections;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Ledger;

/// <summary>The end of a data set's work: views, and the rounds that are over. Every step may be repeated.</summary>
public static class RoundEnd
{
    /// <summary>Rebuilds the views where they are stale, and closes the rounds whose records are all written, in order.</summary>
    /// <param name="store">Where.</param>
    /// <param name="rounds">The open rounds, in order, as they are now.</param>
    /// <param name="recordsAreDurable">Whether all records that the ledgers know as written have their final names, durably; else nothing is closed.</param>
    public static void Close(IDataStore store, IReadOnlyList<RoundLedger> rounds, bool recordsAreDurable, CancellationToken cancellation = default)
    {
        if (!SetViews.AreCurrent(store))
        {
            SetViews.Replace(store, cancellation);
        }

        foreach (RoundLedger round in rounds.TakeWhile(round => recordsAreDurable && round.IsDone))
        {
            RoundFiles.Close(store, new RoundClosed(round.Round, round.Survivors, round.FirstRecord, round.Composable));
        }
    }
}
