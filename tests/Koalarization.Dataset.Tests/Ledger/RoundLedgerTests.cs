using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Dataset.Ledger;

namespace Koalarization.Dataset.Tests.Ledger;

/// <summary>The ledger against its definition: survivors in order, cut into records.</summary>
public sealed class RoundLedgerTests
{
    [Fact]
    public void A_record_can_be_composed_when_every_slice_up_to_its_last_survivor_is_resolved()
    {
        RoundLedger ledger = RoundLedger.Begin(round: 1, slices: 3, firstRecord: 0, picturesPerRecord: 4);

        ledger = ledger.WithResolved(1, 5);
        Assert.Null(ledger.NextRecord());

        ledger = ledger.WithResolved(0, 2);
        Assert.Equal(new RecordWork(Record: 0, Round: 1, FirstSlice: 0, LastSlice: 1, Offset: 0, Count: 4), ledger.NextRecord());

        ledger = ledger.WithWritten(0);
        Assert.Null(ledger.NextRecord());

        ledger = ledger.WithResolved(2, 0);
        Assert.Equal(new RecordWork(Record: 1, Round: 1, FirstSlice: 1, LastSlice: 1, Offset: 2, Count: 3), ledger.NextRecord());
        Assert.True(ledger.WithWritten(1).IsDone);
    }

    [Fact]
    public void A_later_round_fills_new_records()
    {
        RoundLedger ledger = RoundLedger.Begin(round: 2, slices: 1, firstRecord: 7, picturesPerRecord: 10).WithResolved(0, 3);

        Assert.Equal(7, ledger.NextRecord()!.Record);
    }

    [Fact]
    public void A_round_without_a_survivor_is_done_when_it_is_resolved()
    {
        RoundLedger ledger = RoundLedger.Begin(round: 1, slices: 2, firstRecord: 0, picturesPerRecord: 10).WithResolved(1, 0);
        Assert.False(ledger.IsDone);
        Assert.True(ledger.WithResolved(0, 0).IsDone);
    }

    [Fact]
    public void What_a_slice_was_resolved_with_first_holds()
    {
        RoundLedger ledger = RoundLedger.Begin(round: 1, slices: 2, firstRecord: 0, picturesPerRecord: 10)
            .WithResolved(1, 3).WithResolved(1, 9).WithResolved(0, 2).WithResolved(0, 8);

        Assert.Equal(5, ledger.Survivors);
    }

    [Fact]
    public void Pictures_that_wait_for_the_lowest_slice_and_those_in_written_records_are_counted()
    {
        RoundLedger ledger = RoundLedger.Begin(round: 1, slices: 4, firstRecord: 0, picturesPerRecord: 4).WithResolved(0, 5).WithResolved(2, 3).WithResolved(3, 1);
        Assert.Equal((4, 0), (ledger.SurvivorsAhead, ledger.Written));

        ledger = ledger.WithResolved(1, 1).WithWritten(2);
        Assert.Equal((0, 1, 2), (ledger.SurvivorsAhead, ledger.Written, ledger.PicturesWritten));
        Assert.Equal(6, ledger.WithWritten(0).PicturesWritten);
        Assert.Equal(10, ledger.WithWritten(0).WithWritten(1).PicturesWritten);
    }

    [Fact]
    public void A_round_is_cut_anew_while_none_of_its_records_is_written()
    {
        RoundLedger ledger = RoundLedger.Begin(round: 1, slices: 2, firstRecord: 0, picturesPerRecord: 500).WithResolved(0, 5).WithResolved(1, 4);

        RoundLedger recut = ledger.Recut(firstRecord: 3, picturesPerRecord: 4);
        Assert.Equal([(3, 4), (4, 4), (5, 1)], recut.ComposableRecords().Select(work => (work.Record, work.Count)));
        Assert.Throws<InvalidOperationException>(() => ledger.WithWritten(0).Recut(0, 4));
    }

    /// <summary>
    /// Whatever the order in which slices are resolved and records written, with repetitions and with resolutions and acknowledgements that are
    /// lost and come again: every survivor is in exactly one record, in order, and it ends.
    /// </summary>
    [Property(MaxTest = 500)]
    public Property Any_interleaving_gives_each_survivor_once_and_in_order()
    {
        var rounds =
            from survivors in Gen.Choose(0, 6).ListOf(12)
            from perRecord in Gen.Choose(1, 7)
            from firstRecord in Gen.Choose(0, 3)
            from seed in Gen.Choose(0, int.MaxValue)
            select (survivors, perRecord, firstRecord, seed);
        return Prop.ForAll(Arb.From(rounds), round => Holds([.. round.survivors], round.perRecord, round.firstRecord, round.seed));
    }

    private static void Holds(int[] survivors, int perRecord, int firstRecord, int seed)
    {
        var random = new Random(seed);
        RoundLedger ledger = RoundLedger.Begin(round: 3, survivors.Length, firstRecord, perRecord);
        var written = new SortedDictionary<int, RecordWork>();
        List<int> inFlight = [];
        for (int step = 0; !ledger.IsDone; step++)
        {
            Assert.True(step < 10_000, "it does not end");
            switch (random.Next(4))
            {
                case 0 when survivors.Length > 0:
                    // A slice is worked on; its resolution may get lost, or come for one that is resolved.
                    int slice = random.Next(survivors.Length);
                    ledger = random.Next(3) == 0 ? ledger : ledger.WithResolved(slice, survivors[slice]);
                    break;
                case 1:
                    foreach (int open in ledger.OpenSlices().Take(1).ToArray())
                    {
                        ledger = ledger.WithResolved(open, survivors[open]);
                    }

                    break;
                case 2 when ledger.NextRecord() is RecordWork work:
                    // A writer of a record again writes the same.
                    Assert.Equal(written.GetValueOrDefault(work.Record, work), work);
                    written[work.Record] = work;
                    inFlight.Add(work.Record);
                    break;
                case 3 when inFlight.Count > 0:
                    int record = inFlight[random.Next(inFlight.Count)];
                    ledger = random.Next(3) == 0 ? ledger : ledger.WithWritten(record);
                    break;
            }
        }

        var all = Enumerable.Range(0, survivors.Length).SelectMany(slice => Enumerable.Range(0, survivors[slice]).Select(i => (slice, i))).ToArray();
        Assert.Equal(all, written.Values.SelectMany(work => PicturesOf(work, survivors)));
        Assert.Equal(Enumerable.Range(firstRecord, written.Count), written.Keys);
        Assert.All(written.Values.SkipLast(1), work => Assert.Equal(perRecord, work.Count));
        Assert.Equal(written.Values, ledger.ComposableRecords());
    }

    private static IEnumerable<(int Slice, int Place)> PicturesOf(RecordWork work, int[] survivors)
    {
        (int slice, int place) = (work.FirstSlice, work.Offset);
        for (int i = 0; i < work.Count; i++, place++)
        {
            while (place == survivors[slice])
            {
                (slice, place) = (slice + 1, 0);
            }

            yield return (slice, place);
        }

        Assert.Equal(work.LastSlice, slice);
    }
}
