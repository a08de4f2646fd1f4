using System.Collections.Immutable;

namespace Koalarization.Dataset.Ledger;

/// <summary>
/// What is known of one round: which slices are resolved, which records they give, which of these are written. Immutable; every transition may
/// come twice, and in any order.
/// </summary>
/// <remarks>
/// With base b, record b + j holds the round's survivors jN to jN + N - 1 in name order. It can be composed as soon as every slice up to its last
/// survivor is resolved; the last, shorter one when all slices are.
/// </remarks>
public sealed record RoundLedger
{
    // Survivors of the slices before each one, as far as all earlier slices are resolved; the last entry is the sum of them all.
    private readonly ImmutableList<long> _survivorsBefore;

    // Resolved slices behind the first open one.
    private readonly ImmutableSortedDictionary<int, int> _ahead;

    // Written records, counted from the round's first: all before a number, and some behind it.
    private readonly int _writtenPrefix;
    private readonly ImmutableSortedSet<int> _writtenAhead;

    private RoundLedger(
        int round, int slices, int firstRecord, int picturesPerRecord,
        ImmutableList<long> survivorsBefore, ImmutableSortedDictionary<int, int> ahead,
        int writtenPrefix, ImmutableSortedSet<int> writtenAhead)
    {
        Round = round;
        Slices = slices;
        FirstRecord = firstRecord;
        PicturesPerRecord = picturesPerRecord;
        _survivorsBefore = survivorsBefore;
        _ahead = ahead;
        _writtenPrefix = writtenPrefix;
        _writtenAhead = writtenAhead;
    }

    /// <summary>The round.</summary>
    public int Round { get; }

    /// <summary>Slices of the round.</summary>
    public int Slices { get; }

    /// <summary>b: the number of the round's first record.</summary>
    public int FirstRecord { get; }

    /// <summary>N.</summary>
    public int PicturesPerRecord { get; }

    /// <summary>Slices before the first open one.</summary>
    public int ResolvedPrefix => _survivorsBefore.Count - 1;

    /// <summary>Resolved slices.</summary>
    public int Resolved => ResolvedPrefix + _ahead.Count;

    /// <summary>Whether every slice is resolved.</summary>
    public bool IsResolved => ResolvedPrefix == Slices;

    /// <summary>Survivors of the slices before the first open one; of the round, when it is resolved.</summary>
    public long Survivors => _survivorsBefore[^1];

    /// <summary>Records that can be composed by now, written or not.</summary>
    public int Composable => (int)(IsResolved ? (Survivors + PicturesPerRecord - 1) / PicturesPerRecord : Survivors / PicturesPerRecord);

    /// <summary>Pictures of these records.</summary>
    public long PicturesComposable => IsResolved ? Survivors : (long)Composable * PicturesPerRecord;

    /// <summary>Whether the round is resolved and all its records are written.</summary>
    public bool IsDone => IsResolved && Written == Composable;

    /// <summary>Survivors of the resolved slices behind the first open one: pictures that wait for it.</summary>
    public long SurvivorsAhead => _ahead.Values.Sum(survivors => (long)survivors);

    /// <summary>Written records.</summary>
    public int Written => _writtenPrefix + _writtenAhead.Count;

    /// <summary>Pictures of the written records, those that a record left out included.</summary>
    public long PicturesWritten
    {
        get
        {
            // Only the last record may be shorter, and only once the round is resolved.
            long missing = Math.Max(0, ((long)Composable * PicturesPerRecord) - Survivors);
            return ((long)Written * PicturesPerRecord) - (IsWrittenRecord(Composable - 1) ? missing : 0);
        }
    }

    /// <summary>A round that has just begun.</summary>
    public static RoundLedger Begin(int round, int slices, int firstRecord, int picturesPerRecord)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slices);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRecord);
        ArgumentOutOfRangeException.ThrowIfLessThan(picturesPerRecord, 1);
        return new(round, slices, firstRecord, picturesPerRecord, [0L], ImmutableSortedDictionary<int, int>.Empty, 0, []);
    }

    /// <summary>A slice's manifest is published. What was known of the slice before stays: a manifest never changes.</summary>
    public RoundLedger WithResolved(int slice, int survivors)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slice);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice, Slices);
        ArgumentOutOfRangeException.ThrowIfNegative(survivors);
        if (IsResolvedSlice(slice))
        {
            return this;
        }

        ImmutableSortedDictionary<int, int> ahead = _ahead.Add(slice, survivors);
        ImmutableList<long>.Builder before = _survivorsBefore.ToBuilder();
        while (ahead.TryGetValue(before.Count - 1, out int next))
        {
            ahead = ahead.Remove(before.Count - 1);
            before.Add(before[^1] + next);
        }

        return new(Round, Slices, FirstRecord, PicturesPerRecord, before.ToImmutable(), ahead, _writtenPrefix, _writtenAhead);
    }

    /// <summary>A record's manifest is published.</summary>
    public RoundLedger WithWritten(int record)
    {
        int index = record - FirstRecord;
        ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(record));
        if (index < _writtenPrefix)
        {
            return this;
        }

        ImmutableSortedSet<int> ahead = _writtenAhead.Add(index);
        int prefix = _writtenPrefix;
        while (ahead.Contains(prefix))
        {
            ahead = ahead.Remove(prefix++);
        }

        return new(Round, Slices, FirstRecord, PicturesPerRecord, _survivorsBefore, _ahead, prefix, ahead);
    }

    /// <summary>The same round cut into records of another size, while none of them is written.</summary>
    /// <param name="firstRecord">b.</param>
    /// <param name="picturesPerRecord">N.</param>
    /// <exception cref="InvalidOperationException">A record is written.</exception>
    public RoundLedger Recut(int firstRecord, int picturesPerRecord)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRecord);
        ArgumentOutOfRangeException.ThrowIfLessThan(picturesPerRecord, 1);
        return Written == 0
            ? new(Round, Slices, firstRecord, picturesPerRecord, _survivorsBefore, _ahead, 0, [])
            : throw new InvalidOperationException("Records that are written cannot be cut again.");
    }

    /// <summary>The manifests of all these records are published; those of other rounds are passed over.</summary>
    public RoundLedger WithWritten(IEnumerable<int> records) =>
        records.Where(record => record >= FirstRecord && record < FirstRecord + Composable).Aggregate(this, (ledger, record) => ledger.WithWritten(record));

    /// <summary>Whether a slice is resolved.</summary>
    public bool IsResolvedSlice(int slice) => slice < ResolvedPrefix || _ahead.ContainsKey(slice);

    /// <summary>The slices that are not resolved, in order.</summary>
    public IEnumerable<int> OpenSlices()
    {
        for (int slice = ResolvedPrefix; slice < Slices; slice++)
        {
            if (!_ahead.ContainsKey(slice))
            {
                yield return slice;
            }
        }
    }

    /// <summary>The lowest record that can be composed and is not written; null when there is none now.</summary>
    /// <param name="after">Only records behind this one are looked at; null: all.</param>
    public RecordWork? NextRecord(int? after = null)
    {
        int first = Math.Max(_writtenPrefix, (after ?? -1) - FirstRecord + 1);
        for (int i = first; i < Composable; i++)
        {
            if (!_writtenAhead.Contains(i))
            {
                return WorkOf(i);
            }
        }

        return null;
    }

    /// <summary>The records that can be composed by now, written or not, in order.</summary>
    public IEnumerable<RecordWork> ComposableRecords() => Enumerable.Range(0, Composable).Select(WorkOf);

    private bool IsWrittenRecord(int index) => index >= 0 && (index < _writtenPrefix || _writtenAhead.Contains(index));

    private RecordWork WorkOf(int index)
    {
        long first = (long)index * PicturesPerRecord;
        int count = (int)Math.Min(PicturesPerRecord, Survivors - first);
        int firstSlice = SliceOf(first);
        return new RecordWork(
            FirstRecord + index, Round, firstSlice, SliceOf(first + count - 1), (int)(first - _survivorsBefore[firstSlice]), count);
    }

    // The last slice that begins at or before a survivor and has any: later ones begin behind it.
    private int SliceOf(long survivor)
    {
        int low = 0, high = ResolvedPrefix - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _survivorsBefore[middle] <= survivor ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
