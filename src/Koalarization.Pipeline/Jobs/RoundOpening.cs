using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;

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
        NoteOtherRules(open);
        if (!spec.RetryFailed)
        {
            return BeginsAnother(open, spec.Until) && TriesRefusedAddresses(store, spec) && TryBeginAnother(cancellation) ? Read(orFetched: false) : open;
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

    /// <summary>
    /// Whether the last round refused addresses that the job allows: then another round begins although none is asked for, once, because it refuses none.
    /// All slices of that round are resolved. Touches the disk.
    /// </summary>
    internal static bool TriesRefusedAddresses(IDataStore store, JobSpec spec)
    {
        if (spec.Fetch?.AllowPrivate != true || RoundFiles.Read(store) is not [.., (RoundOpened last, _)])
        {
            return false;
        }

        string refused = FetchOutcomeKind.AddressRefused.WireName();
        return Enumerable.Range(0, last.Slices)
            .Any(slice => SliceManifest.ReadSummary(store, DataLayout.Slice(last.Round, slice)).Outcomes.GetValueOrDefault(refused) > 0);
    }

    // What a round has resolved is published, so the rest of it is fetched by the same rules.
    private void NoteOtherRules(IReadOnlyList<OpenRound> open)
    {
        foreach (OpenRound round in open.Where(round => !round.Ledger.IsResolved))
        {
            if (round.Fetch is FetchRules begun && JobOption.Difference(begun, spec) is string difference)
            {
                note($"Round {round.Plan.Round} keeps the options that it was begun with ({difference}); when it is finished, --retry-failed begins another with the new ones.");
            }
        }
    }

    private IReadOnlyList<OpenRound> Read(bool orFetched) => OpenRound.ReadAll(store, picturesPerRecord, orFetched, isWritten);

    private bool TryBeginAnother(CancellationToken cancellation)
    {
        IReadOnlyList<(RoundOpened Opened, RoundClosed? Closed)> rounds = RoundFiles.Read(store);
        int last = rounds.Count;
        RoundPlan earlier = RoundPlan.Find(store, last)!;
        if (!earlier.ReadFailed().Any())
        {
            note("Every link has its picture; there is nothing to try again.");
            return false;
        }

        FetchRules? begun = rounds[^1].Opened.Fetch;
        RoundPlan plan = RoundPlan.Write(store, last + 1, earlier.ReadFailed(), stamp: null, cancellation);
        RoundFiles.Open(store, new RoundOpened(plan.Round, plan.Links, plan.Slices) { Fetch = (spec.Fetch ?? new FetchRules()).Completed(begun) });
        return true;
    }
}
