using System.Collections.Immutable;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Dataset.Ledger;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Coordination;

/// <summary>
/// What is left to do of a job, who works on which slice, and which records are to be written. Immutable; times come from outside; every
/// transition may come twice, late, or in any order.
/// </summary>
internal sealed record JobLedger
{
    /// <summary>Losses of a slice with its process after which its pictures are decoded in a sandbox.</summary>
    private const int SandboxedAfter = 2;

    private JobLedger(JobId job, ImmutableList<RoundLedger> rounds, bool makesRecords) => (Job, Rounds, MakesRecords) = (job, rounds, makesRecords);

    public JobId Job { get; }

    /// <summary>The open rounds, in order.</summary>
    public ImmutableList<RoundLedger> Rounds { get; private init; }

    public bool MakesRecords { get; }

    public SliceLeases Leases { get; private init; } = SliceLeases.None;

    public NodeFaults Faults { get; private init; } = NodeFaults.None;

    /// <summary>The records in work, by number.</summary>
    public ImmutableSortedDictionary<int, RecordAssignment> Records { get; private init; } = ImmutableSortedDictionary<int, RecordAssignment>.Empty;

    /// <summary>Links by outcome, of the resolved slices.</summary>
    public ImmutableSortedDictionary<string, long> Outcomes { get; private init; } = ImmutableSortedDictionary<string, long>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Slices that are not resolved.</summary>
    public int OpenSlices => Rounds.Sum(round => round.Slices - round.Resolved);

    /// <summary>Records that can be composed by now and are not written.</summary>
    public int WaitingRecords => Rounds.Sum(round => round.Composable - round.Written);

    /// <summary>Pictures of these without logits.</summary>
    public long WaitingPictures => Rounds.Sum(round => round.PicturesComposable - round.PicturesWritten) - Records.Values.Sum(record => (long)record.Embedded);

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsDone => Rounds.TrueForAll(round => MakesRecords ? round.IsDone : round.IsResolved);

    private ImmutableDictionary<SliceId, ImmutableSortedDictionary<int, FetchProtocol.EndedLink>> Ended { get; init; } =
        ImmutableDictionary<SliceId, ImmutableSortedDictionary<int, FetchProtocol.EndedLink>>.Empty;

    private ImmutableHashSet<(int Round, int Slice)> Sandboxed { get; init; } = [];

    /// <summary>A job that has just been opened.</summary>
    /// <param name="job">The job.</param>
    /// <param name="rounds">Its open rounds, in order.</param>
    /// <param name="makesRecords">Whether it goes as far as records.</param>
    /// <param name="outcomes">Links by outcome, of the slices that are resolved.</param>
    public static JobLedger Begin(JobId job, IEnumerable<RoundLedger> rounds, bool makesRecords, IEnumerable<KeyValuePair<string, long>> outcomes)
    {
        var ledger = new JobLedger(job, [.. rounds], makesRecords);
        return ledger with { Outcomes = ledger.Outcomes.SetItems(outcomes) };
    }

    /// <summary>Whether a slice is one of the open rounds' and not resolved.</summary>
    public bool IsOpen(SliceId slice) =>
        Rounds.Find(round => round.Round == slice.Round) is RoundLedger round && slice.Slice >= 0 && slice.Slice < round.Slices && !round.IsResolvedSlice(slice.Slice);

    /// <summary>Whether a slice's pictures may kill their decoder.</summary>
    public bool IsSandboxed(SliceId slice) => Sandboxed.Contains((slice.Round, slice.Slice));

    /// <summary>What earlier holders of a slice found out.</summary>
    public IReadOnlyList<FetchProtocol.EndedLink> EndedOf(SliceId slice) => Ended.TryGetValue(slice, out var ended) ? [.. ended.Values] : [];

    /// <summary>The slice that a node gets next, or null: the lowest that is free, or the lowest of all once more when much waits for it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="embeddersIdle">Whether embedders and writers of the job have nothing to do.</param>
    public SliceId? NextSlice(NodeOwner node, bool embeddersIdle)
    {
        foreach (RoundLedger round in Rounds)
        {
            foreach (SliceId slice in round.OpenSlices().Select(slice => new SliceId(Job, round.Round, slice)))
            {
                bool isLowest = slice.Slice == round.ResolvedPrefix;
                if (Leases.IsFree(slice, node) || (isLowest && BlocksRecords(round, embeddersIdle) && Leases.MayDouble(slice, node)))
                {
                    return slice;
                }
            }
        }

        return null;
    }

    /// <summary>A node gets a slice.</summary>
    public JobLedger WithLease(SliceId slice, NodeOwner node, TimeSpan now) => this with { Leases = Leases.With(slice, node, now) };

    /// <summary>A slice's manifest is published, by any node.</summary>
    public JobLedger WithResolved(SliceId slice, int survivors, IEnumerable<KeyValuePair<string, int>> outcomes)
    {
        if (!IsOpen(slice))
        {
            return this;
        }

        int index = Rounds.FindIndex(round => round.Round == slice.Round);
        return this with
        {
            Rounds = Rounds.SetItem(index, Rounds[index].WithResolved(slice.Slice, survivors)),
            Leases = Leases.Without(slice),
            Ended = Ended.Remove(slice),
            Outcomes = outcomes.Aggregate(Outcomes, (all, pair) => all.SetItem(pair.Key, all.GetValueOrDefault(pair.Key) + pair.Value)),
        };
    }

    /// <summary>A node gives a slice back: it leaves, or cannot continue.</summary>
    public JobLedger WithHandedBack(SliceId slice, NodeOwner node, IReadOnlyList<FetchProtocol.EndedLink> ended, string? fault, TimeSpan now)
    {
        JobLedger ledger = this with { Leases = Leases.Without(slice, node), Faults = fault is null ? Faults : Faults.With(node, fault, now) };
        return ended.Count == 0 || !IsOpen(slice)
            ? ledger
            : ledger with
            {
                Ended = Ended.SetItem(slice, Ended.GetValueOrDefault(slice, ImmutableSortedDictionary<int, FetchProtocol.EndedLink>.Empty)
                    .SetItems(ended.Select(link => KeyValuePair.Create(link.Index, link)))),
            };
    }

    /// <summary>A node reports the slices that it holds.</summary>
    public (JobLedger Ledger, IReadOnlyList<SliceId> Recalled, IReadOnlyList<SliceId> Resent) WithReport(
        NodeOwner node, IReadOnlyCollection<FetchProtocol.ActiveSlice> active, TimeSpan now)
    {
        (SliceLeases leases, IReadOnlyList<SliceId> recalled, IReadOnlyList<SliceId> resent) = Leases.Reported(node, active, IsOpen, now);
        return (this with { Leases = leases }, recalled, resent);
    }

    /// <summary>A node was removed.</summary>
    public JobLedger Without(NodeOwner node) => this with { Leases = Leases.Without(node), Faults = Faults.Without(node) };

    /// <summary>Time has passed: leases without progress end, and their holders pause.</summary>
    public JobLedger At(TimeSpan now)
    {
        (SliceLeases leases, IReadOnlyList<NodeOwner> stalled) = Leases.Expired(now);
        return stalled.Count == 0
            ? this
            : this with { Leases = leases, Faults = stalled.Aggregate(Faults, (faults, node) => faults.With(node, sentence: null, now)) };
    }

    /// <summary>What keeps the job from moving, by the latest reports of its nodes; null: nothing does.</summary>
    /// <param name="fetchers">The fetch nodes that can work on it.</param>
    /// <param name="now">The time.</param>
    public string? Obstacle(IReadOnlyCollection<NodeOwner> fetchers, TimeSpan now) =>
        Faults.OfAll(fetchers, now)
        ?? Records.Values.Select(record => record.StoreFault).Where(fault => now - fault?.At < NodeFaults.Window).MaxBy(fault => fault!.Value.At)?.Sentence;

    /// <summary>How often slices were lost with the process that worked on them.</summary>
    public JobLedger WithLosses(IReadOnlyDictionary<(int Round, int Slice), int> losses) =>
        this with { Sandboxed = [.. losses.Where(pair => pair.Value >= SandboxedAfter).Select(pair => pair.Key)] };

    /// <summary>The size of records is known now: the rounds are divided again when it is another one.</summary>
    public JobLedger WithPicturesPerRecord(int picturesPerRecord)
    {
        if (Rounds.TrueForAll(round => round.PicturesPerRecord == picturesPerRecord))
        {
            return this;
        }

        ImmutableList<RoundLedger>.Builder rounds = ImmutableList.CreateBuilder<RoundLedger>();
        foreach (RoundLedger round in Rounds)
        {
            rounds.Add(round.Recut(rounds.Count == 0 ? round.FirstRecord : rounds[^1].FirstRecord + rounds[^1].Composable, picturesPerRecord));
        }

        return this with { Rounds = rounds.ToImmutable() };
    }

    /// <summary>The lowest record that can be composed and is not in work, or null.</summary>
    public RecordWork? NextRecord()
    {
        int? after = Records.IsEmpty ? null : Records.Keys.Last();
        foreach (RoundLedger round in Rounds)
        {
            if (round.NextRecord(after) is RecordWork work)
            {
                return work;
            }

            // The numbers of a later round's records are known only when this one is resolved.
            if (!round.IsResolved)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>A record is to be written.</summary>
    public JobLedger WithRecord(RecordWork work, TimeSpan now) =>
        this with { Records = Records.SetItem(work.Record, new RecordAssignment(work, now, Writer: null, Embedded: 0, Failures: 0)) };

    /// <summary>The records to send to their writers now, for the first time or again.</summary>
    public (JobLedger Ledger, IReadOnlyList<RecordWork> Due) WithDueRecords(TimeSpan now)
    {
        RecordAssignment[] due = [.. Records.Values.Where(record => record.NextAt <= now)];
        return (this with
        {
            Records = Records.SetItems(due.Select(record =>
                KeyValuePair.Create(record.Work.Record, record with { NextAt = now + WriteProtocol.WriteRecord.Every }))),
        }, [.. due.Select(record => record.Work)]);
    }

    /// <summary>A writer reports its progress.</summary>
    public JobLedger WithProgress(int record, NodeOwner writer, int embedded) =>
        Records.TryGetValue(record, out RecordAssignment? known)
            ? this with { Records = Records.SetItem(record, known with { Writer = writer, Embedded = embedded }) }
            : this;

    /// <summary>A record is committed, by any writer.</summary>
    public JobLedger WithWritten(int record)
    {
        int index = Rounds.FindLastIndex(round => round.FirstRecord <= record);
        return index < 0 || record >= Rounds[index].FirstRecord + Rounds[index].Composable
            ? this
            : this with { Rounds = Rounds.SetItem(index, Rounds[index].WithWritten(record)), Records = Records.Remove(record) };
    }

    /// <summary>A record could not be written: it is tried again, up to a number of times where the fault is not the store's.</summary>
    /// <returns>The ledger, and whether the job cannot continue.</returns>
    public (JobLedger Ledger, bool IsEnough) WithRecordFailure(int record, string? storeFault, TimeSpan now)
    {
        if (!Records.TryGetValue(record, out RecordAssignment? known))
        {
            return (this, false);
        }

        RecordAssignment failed = known with
        {
            NextAt = now + RecordAssignment.RetryAfter,
            Writer = null,
            Embedded = 0,
            Failures = known.Failures + (storeFault is null ? 1 : 0),
            StoreFault = storeFault is null ? null : (storeFault, now),
        };
        return (this with { Records = Records.SetItem(record, failed) }, failed.Failures >= RecordAssignment.MaxFailures);
    }

    // More than two records' worth of pictures waits for the lowest slice, or one record's while embedders are idle.
    private bool BlocksRecords(RoundLedger round, bool embeddersIdle) =>
        MakesRecords && (round.SurvivorsAhead > 2L * round.PicturesPerRecord || (embeddersIdle && round.SurvivorsAhead >= round.PicturesPerRecord));
}

/// <summary>A record in work.</summary>
/// <param name="Work">What is in it.</param>
/// <param name="NextAt">When it is sent to its writer next.</param>
/// <param name="Writer">The node that last reported to write it.</param>
/// <param name="Embedded">Pictures that have their logits.</param>
/// <param name="Failures">Failed attempts, those apart that the store's faults ended.</param>
internal sealed record RecordAssignment(RecordWork Work, TimeSpan NextAt, NodeOwner? Writer, int Embedded, int Failures)
{
    /// <summary>The fault of the store that ended its last attempt, and when; null: none did.</summary>
    public (string Sentence, TimeSpan At)? StoreFault { get; init; }

    /// <summary>The pause before it is tried again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Failed attempts after which its job fails.</summary>
    public const int MaxFailures = 5;
}
