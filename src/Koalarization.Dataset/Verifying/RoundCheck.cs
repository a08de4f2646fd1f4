using System.Collections.Concurrent;
using System.Globalization;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;

namespace Koalarization.Dataset.Verifying;

/// <summary>Looks at the rounds of a data set: plans, slices, pictures, and which records they give.</summary>
internal sealed class RoundCheck(Inspection inspection, SliceCheck slices, int? picturesPerRecord)
{
    private readonly Dictionary<int, RecordWork> _records = [];
    private readonly List<RoundPlan> _plans = [];

    /// <summary>Whether every round is closed.</summary>
    public bool AllAreClosed { get; private set; } = true;

    /// <summary>Which survivors each record of the resolved rounds is made of, by number.</summary>
    public IReadOnlyDictionary<int, RecordWork> Records => _records;

    /// <summary>Whether every slice could be read, so that a record that is in no round's works is none of the set's.</summary>
    public bool RecordsAreComplete { get; private set; } = true;

    /// <summary>Looks at every round.</summary>
    public void Run(CancellationToken cancellation)
    {
        IReadOnlyList<(RoundOpened Opened, RoundClosed? Closed)>? rounds = inspection.Read(DataLayout.Rounds, () => RoundFiles.Read(inspection.Store));
        if (rounds is null or { Count: 0 })
        {
            RecordsAreComplete = AllAreClosed = false;
            if (rounds is not null)
            {
                inspection.Add(FindingKind.Unfinished, DataLayout.Rounds, "no round was begun; koala run begins it");
            }

            return;
        }

        int firstRecord = 0;
        foreach ((RoundOpened opened, RoundClosed? closed) in rounds)
        {
            RoundLedger? ledger = Check(opened, closed, firstRecord, cancellation);
            if (ledger is null || !ledger.IsResolved)
            {
                RecordsAreComplete = false;
            }

            firstRecord += closed?.Records ?? ledger?.Composable ?? 0;
        }

        slices.ReportChanged(_plans);
        CheckFolders(rounds.Count);
    }

    private static string Of(int round) => string.Create(CultureInfo.InvariantCulture, $"round {round}");

    private RoundLedger? Check(RoundOpened opened, RoundClosed? closed, int firstRecord, CancellationToken cancellation)
    {
        AllAreClosed &= closed is not null;
        string index = DataLayout.PlanIndex(opened.Round);
        RoundPlan? plan = inspection.Read(index, () => RoundPlan.Find(inspection.Store, opened.Round));
        if (plan is null)
        {
            if (inspection.Store.SizeOf(index) is null)
            {
                inspection.Add(FindingKind.Missing, index, "its round was begun, and its plan is gone");
            }

            return null;
        }

        if (plan.Links != opened.Links || plan.Slices != opened.Slices)
        {
            inspection.Add(FindingKind.Contradiction, DataLayout.RoundOpen(opened.Round), $"has {Amount.Of(opened.Links, "link")}, and the plan has {plan.Links:N0}");
        }

        if (!inspection.IsQuick && !plan.HasItsHash())
        {
            inspection.Add(FindingKind.Changed, DataLayout.PlanLinks(opened.Round), "does not have the hash that it was written with");
        }

        _plans.Add(plan);
        RoundLedger ledger = Resolve(plan, firstRecord, cancellation);
        foreach (RecordWork work in ledger.ComposableRecords().Where(_ => picturesPerRecord is not null))
        {
            _records[work.Record] = work;
        }

        CheckEnd(ledger, closed);
        return ledger;
    }

    private RoundLedger Resolve(RoundPlan plan, int firstRecord, CancellationToken cancellation)
    {
        var summaries = new ConcurrentBag<SliceSummary>();
        var unread = new ConcurrentBag<int>();
        Parallel.For(0, plan.Slices, inspection.ParallelUntil(cancellation), slice =>
        {
            if (slices.Run(plan, slice) is SliceSummary summary)
            {
                summaries.Add(summary with { Slice = slice });
            }
            else
            {
                unread.Add(slice);
            }
        });
        foreach (int slice in unread.Order().Where(slice => inspection.Store.SizeOf(DataLayout.Slice(plan.Round, slice)) is null))
        {
            bool isClosed = inspection.Store.SizeOf(DataLayout.RoundClosed(plan.Round)) is not null;
            inspection.Add(
                isClosed ? FindingKind.Missing : FindingKind.Unfinished, DataLayout.Slice(plan.Round, slice),
                isClosed ? "its round is closed, and its manifest is gone" : "is not finished; koala run continues it");
        }

        return summaries.OrderBy(summary => summary.Slice).Aggregate(
            RoundLedger.Begin(plan.Round, plan.Slices, firstRecord, picturesPerRecord ?? int.MaxValue), (ledger, summary) => ledger.WithResolved(summary.Slice, summary.Survivors));
    }

    private void CheckEnd(RoundLedger ledger, RoundClosed? closed)
    {
        if (closed is null)
        {
            inspection.Add(
                FindingKind.Unfinished, Of(ledger.Round), $"is open: {ledger.Resolved:N0} of {Amount.Of(ledger.Slices, "slice is", "slices are")} worked off; end it with koala run");
        }
        else if (ledger.IsResolved
            && (closed.Round != ledger.Round || closed.Survivors != ledger.Survivors || closed.FirstRecord != ledger.FirstRecord || closed.Records != ledger.Composable))
        {
            inspection.Add(
                FindingKind.Contradiction, DataLayout.RoundClosed(ledger.Round),
                $"lists {Amount.Of(closed.Survivors, "picture")} in {Amount.Of(closed.Records, "record")} from {closed.FirstRecord} on, and the slices give {ledger.Survivors:N0} in {ledger.Composable:N0} from {ledger.FirstRecord} on");
        }
    }

    // Manifests of slices, and rounds, that no plan has.
    private void CheckFolders(int rounds)
    {
        foreach (string parent in (string[])[$"{DataLayout.State}/slices", $"{DataLayout.State}/fetched", $"{DataLayout.State}/plan"])
        {
            foreach (string folder in inspection.Store.List(parent))
            {
                if (!int.TryParse(folder, NumberStyles.None, CultureInfo.InvariantCulture, out int round) || round < 1 || round > rounds)
                {
                    // A run that was killed while it planned leaves a plan without a round.
                    bool isPlan = parent.EndsWith("plan", StringComparison.Ordinal);
                    inspection.Add(isPlan ? FindingKind.Temporary : FindingKind.Extra, $"{parent}/{folder}", "belongs to no round");
                }
            }
        }

        for (int round = 1; round <= rounds; round++)
        {
            int count = inspection.Read(DataLayout.PlanIndex(round), () => RoundPlan.Find(inspection.Store, round))?.Slices ?? int.MaxValue;
            foreach (string folder in (string[])[DataLayout.SliceFolder(round), DataLayout.FetchedFolder(round)])
            {
                foreach (string name in inspection.Store.List(folder).Where(name => !int.TryParse(Path.GetFileNameWithoutExtension(name), out int slice) || slice >= count))
                {
                    inspection.Add(FindingKind.Extra, $"{folder}/{name}", "is of no slice of the plan");
                }
            }
        }
    }
}
