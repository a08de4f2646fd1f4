using System.Globalization;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Ledger;

/// <summary>A round that is not closed: its plan, and what its manifests say of it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Ledger">Resolved slices; no record is taken for written yet.</param>
public sealed record OpenRound(RoundPlan Plan, RoundLedger Ledger)
{
    /// <summary>Links by outcome, of the resolved slices.</summary>
    public IReadOnlyDictionary<string, long> Outcomes { get; init; } = new Dictionary<string, long>();

    /// <summary>How its links are fetched; null: no file says it (<see cref="RoundOpened.Fetch"/>).</summary>
    public FetchRules? Fetch { get; init; }

    /// <summary>The rounds that are not closed, in order, from the first lines of their manifests.</summary>
    /// <param name="store">Where.</param>
    /// <param name="picturesPerRecord">N.</param>
    /// <param name="orFetched">Whether a slice counts as resolved that was fetched only.</param>
    /// <param name="isWritten">
    /// Whether a record is committed: a closed round that lacks one is open again, so that it is made again. Null: closed rounds are taken as they say.
    /// </param>
    /// <exception cref="InvalidDataException">The files are not what this program wrote, or do not belong together.</exception>
    public static IReadOnlyList<OpenRound> ReadAll(IDataStore store, int picturesPerRecord, bool orFetched, Func<int, bool>? isWritten = null)
    {
        List<OpenRound> open = [];
        int firstRecord = 0;
        foreach ((RoundOpened opened, RoundClosed? closed) in RoundFiles.Read(store))
        {
            if (closed is not null && (isWritten is null || Enumerable.Range(closed.FirstRecord, closed.Records).All(isWritten)))
            {
                firstRecord += closed.Records;
                continue;
            }

            RoundPlan plan = RoundPlan.Find(store, opened.Round)
                ?? throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{DataLayout.PlanIndex(opened.Round)} is missing, and its round was begun."));
            OpenRound round = new OpenRound(plan, RoundLedger.Begin(plan.Round, plan.Slices, firstRecord, picturesPerRecord)) { Fetch = opened.Fetch }.Resolved(store, orFetched);
            open.Add(round);
            firstRecord += round.Ledger.Composable;
        }

        return open;
    }

    private OpenRound Resolved(IDataStore store, bool orFetched)
    {
        RoundLedger ledger = Ledger;
        var outcomes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        string[] folders = orFetched
            ? [DataLayout.SliceFolder(ledger.Round), DataLayout.FetchedFolder(ledger.Round)]
            : [DataLayout.SliceFolder(ledger.Round)];
        foreach (string folder in folders)
        {
            foreach (string name in store.List(folder))
            {
                SliceSummary summary = SliceManifest.ReadSummary(store, $"{folder}/{name}");
                if (ledger.IsResolvedSlice(summary.Slice))
                {
                    continue;
                }

                ledger = ledger.WithResolved(summary.Slice, summary.Survivors);
                foreach ((string outcome, int links) in summary.Outcomes)
                {
                    outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + links;
                }
            }
        }

        return this with { Ledger = ledger, Outcomes = outcomes };
    }
}
