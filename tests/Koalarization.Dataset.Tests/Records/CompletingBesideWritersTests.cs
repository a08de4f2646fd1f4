using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Tests.Simulation;
using Koalarization.Records.Compression;

namespace Koalarization.Dataset.Tests.Records;

/// <summary>One process writes a record while another completes what it finds, in every order with two changes of turn and many with three.</summary>
public sealed class CompletingBesideWritersTests
{
    private const int MaxSteps = 15;

    private static readonly PictureColours Colours = new(ColourStatistics.None, Chroma: 1);

    [Fact]
    public void A_record_on_its_way_comes_to_its_name_whoever_completes_the_set() =>
        InEveryOrder(store => new RecordSet(store, RecordLayout.OfDataSet).CompleteBesideWriters());

    [Fact]
    public void A_record_on_its_way_comes_to_its_name_whoever_completes_it() =>
        InEveryOrder(store => new RecordSet(store, RecordLayout.OfDataSet).Complete(0));

    [Fact]
    public void Who_takes_the_others_for_dead_is_seen_to_harm_them() =>
        Assert.ThrowsAny<Exception>(() => InEveryOrder(store => new RecordSet(store, RecordLayout.OfDataSet).Complete()));

    private static void InEveryOrder(Action<IDataStore> complete)
    {
        for (int first = 0; first <= MaxSteps; first++)
        {
            for (int second = 0; second <= MaxSteps; second++)
            {
                foreach (int third in (int[])[0, 1, 3, 7])
                {
                    SimulatedDisk disk = Play(complete, ("writer", first), ("completer", second), ("writer", third), ("completer", MaxSteps));
                    Assert.Equal([".koala/records/0.json", "tfrecords/lab_images_0.tfrecord"], disk.Names.Keys);
                }
            }
        }
    }

    private static SimulatedDisk Play(Action<IDataStore> complete, params (string Owner, int Steps)[] order)
    {
        using var turns = new Turns();
        var machine = new SimulatedMachine(new SimulatedDisk()) { BeforeStep = turns.Await };
        turns.Start("writer", () =>
        {
            using RecordAssembler file = new RecordSet(new SimulatedStore(machine, "writer"), RecordLayout.OfDataSet).NewRecord(0, RecordCompression.None);
            file.Append("bytes"u8, Colours);
            file.Commit("key");
        });
        turns.Start("completer", () =>
        {
            // As a coordinator does that comes, and others after it; what they read at first is read in a turn of theirs.
            var store = new SimulatedStore(machine, "completer");
            for (int times = 0; times < 3; times++)
            {
                store.FlushNames("nothing");
                complete(store);
            }
        });
        turns.Play(order);
        return machine.Disk;
    }
}
