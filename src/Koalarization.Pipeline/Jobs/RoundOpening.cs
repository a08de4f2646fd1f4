using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Pipeline.Jobs;

/// <summary>The rounds that a job continues; another one begins when it asks for that and all others are over.</summary>
/// <param name="spec">What is asked for.</param>
/// <param name="store">The data set.</param>
/// <param name="picturesPerRecord">Pictures in a record.</param>
/// <param name="isWritten">Whether a record is committed; null: no records are asked for.</param>
/// <param name="note">Called with what a user should know.</param>
internal sealed class RoundOpening(JobSpec spec, FileDataStore store, int picturesPerRecord, Func<int, bool>? isWritten, Action<string> note)
{
    /// <summary>The open rounds, in order.</summary>
    public IReadOnlyList<OpenRound> Open(CancellationToken cancellation)
    {
        IReadOnlyList<OpenRound> open = Read(orFetched: spec.Until == JobEnd.Download);
        if (!spec.RetryFailed)
        {
            return open;
        }

        if (BeginsAnother(open, spec.Until))
        {
            return TryBeginAnother(cancellation) ? Read(orFetched: false) : open;
        }

        note(spec.Until == JobEnd.Download && open[^1].Ledger.IsResolved
            ? $"Round {open[0].Plan.Round} is fetched and not resized: run again without --until download, then --retry-failed begins another."
            : $"Round {open[0].Plan.Round} is not finished, so this run continues it; then --retry-failed begins another.");
        return open;
    }

    /// <summary>
    /// Whether another round begins where one is asked for. An open round is continued first; where all its pictures are resized and no records are asked for,
    /// there is nothing to continue.
    /// </summary>
    internal static bool BeginsAnother(IReadOnlyList<OpenRound> open, JobEnd until) =>
        open.Count == 0 || (until == JobEnd.Resize && open[^1].Ledger.IsResolved);

    private IReadOnlyList<OpenRound> Read(bool orFetched) => OpenRound.ReadAll(store, picturesPerRecord, orFetched, isWritten);

    private bool TryBeginAnother(CancellationToken cancellation)
    {
        int last = RoundFiles.Read(store).Count;
        RoundPlan earlier = RoundPlan.Find(store, last)!;
        if (!earlier.ReadFailed().Any())
        {
            note("Every link has its picture; there is nothing to try again.");
            return false;
        }

        RoundPlan plan = RoundPlan.Write(store, last + 1, earlier.ReadFailed(), stamp: null, cancellation);
        RoundFiles.Open(store, new RoundOpened(plan.Round, plan.Links, plan.Slices));
        return true;
    }
}
