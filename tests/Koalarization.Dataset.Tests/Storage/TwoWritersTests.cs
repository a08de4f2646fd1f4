using System.Security.Cryptography;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Tests.Simulation;
using Koalarization.Records.Compression;

namespace Koalarization.Dataset.Tests.Storage;

/// <summary>Two processes that write the same record at the same time, each with other bytes, in every order with two changes of turn and many with three.</summary>
public sealed class TwoWritersTests
{
    private const int MaxSteps = 15;

    private static readonly PictureColours Colours = new(ColourStatistics.None, Chroma: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Exactly_one_wins_and_both_are_told_which(bool losesReplies)
    {
        var winners = new HashSet<string>(StringComparer.Ordinal);
        for (int first = 0; first <= MaxSteps; first++)
        {
            for (int second = 0; second <= MaxSteps; second++)
            {
                foreach (int third in (int[])[0, 1, 3, 7])
                {
                    (SimulatedDisk disk, string one, string other) = Write(losesReplies, ("one", first), ("other", second), ("one", third), ("other", MaxSteps));
                    Assert.Equal(one, other);
                    Assert.Equal([".koala/records/0.json", "tfrecords/lab_images_0.tfrecord"], disk.Names.Keys);
                    Assert.Equal(one, HashOf(disk, "tfrecords/lab_images_0.tfrecord"));
                    winners.Add(one);
                }
            }
        }

        Assert.Equal(2, winners.Count);
    }

    [Fact]
    public void One_that_dies_on_its_way_leaves_the_other_a_whole_record()
    {
        for (int first = 0; first <= MaxSteps; first++)
        {
            for (int second = 0; second <= MaxSteps; second++)
            {
                // Dead before its first turn is over, it would have had a shorter one.
                for (int death = first; death <= MaxSteps; death++)
                {
                    DieAt(death, ("one", first), ("other", second), ("one", MaxSteps));
                }
            }
        }
    }

    private static void DieAt(int death, params (string Owner, int Steps)[] order)
    {
        using var turns = new Turns();
        int steps = 0;
        var machine = new SimulatedMachine(new SimulatedDisk())
        {
            BeforeStep = owner =>
            {
                turns.Await(owner);
                if (owner == "one" && steps++ >= death)
                {
                    throw new CrashException();
                }
            },
        };
        string written = "";
        turns.Start("one", () =>
        {
            try
            {
                Write(machine, "one", losesReplies: false);
            }
            catch (CrashException)
            {
                // As it should be.
            }
        });
        turns.Start("other", () => written = Write(machine, "other", losesReplies: false));
        turns.Play(order);
        Assert.Equal(written, HashOf(machine.Disk, "tfrecords/lab_images_0.tfrecord"));

        // The next process finds it done, and nothing is left of the dead one.
        var next = new SimulatedMachine(machine.Disk);
        var store = new SimulatedStore(next, "next");
        store.RemoveOthers();
        Assert.Equal(written, new RecordSet(store, RecordLayout.OfDataSet).Complete()[0].Sha256);
        Assert.Equal([".koala/records/0.json", "tfrecords/lab_images_0.tfrecord"], next.Disk.Names.Keys);
    }

    private static (SimulatedDisk Disk, string One, string Other) Write(bool losesReplies, params (string Owner, int Steps)[] order)
    {
        using var turns = new Turns();
        var machine = new SimulatedMachine(new SimulatedDisk()) { BeforeStep = turns.Await };
        string one = "", other = "";
        turns.Start("one", () => one = Write(machine, "one", losesReplies));
        turns.Start("other", () => other = Write(machine, "other", losesReplies));
        turns.Play(order);
        return (machine.Disk, one, other);
    }

    private static string Write(SimulatedMachine machine, string owner, bool losesReplies)
    {
        var store = new SimulatedStore(machine, owner) { LosesReplies = losesReplies };
        using RecordAssembler file = new RecordSet(store, RecordLayout.OfDataSet).NewRecord(0, RecordCompression.None);
        file.Append(System.Text.Encoding.ASCII.GetBytes(owner), Colours);
        return file.Commit("key").Sha256;
    }

    private static string HashOf(SimulatedDisk disk, string name) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.Latin1.GetBytes(disk.Names[name].Text)));
}
