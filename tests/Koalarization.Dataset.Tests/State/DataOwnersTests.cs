using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Tests.Simulation;

namespace Koalarization.Dataset.Tests.State;

public sealed class DataOwnersTests
{
    private const int Enough = 2;

    [Fact]
    public void Nobody_has_a_data_set_that_nobody_took()
    {
        var store = new SimulatedStore(new SimulatedMachine(new SimulatedDisk()), "reader");
        Assert.Equal(0, DataOwners.NewestEpoch(store));
        Assert.Null(DataOwners.Newest(store));
    }

    [Fact]
    public void The_highest_epoch_holds_and_earlier_ones_stay()
    {
        var machine = new SimulatedMachine(new SimulatedDisk());
        var store = new SimulatedStore(machine, "one");
        for (int epoch = 1; epoch <= 12; epoch++)
        {
            Assert.Equal(epoch, DataOwners.PublishNext(store, epoch % 2 == 0 ? DataOwnerKind.Run : DataOwnerKind.Cluster, $"owner{epoch}", "").Epoch);
        }

        Assert.Equal(new DataOwner(12, DataOwnerKind.Run, "owner12", ""), DataOwners.Newest(store));
        Assert.Equal(12, store.List(DataLayout.Owners).Count);
    }

    [Fact]
    public void Files_that_are_no_epochs_are_passed_over()
    {
        using var folder = new TemporaryFolder();
        var store = new FileDataStore(folder.Path, OwnerScratch.Of(0, "one"));
        DataOwners.PublishNext(store, DataOwnerKind.Cluster, "one", "");
        File.WriteAllText(folder[".koala/owner/99.json.bak"], "");
        File.WriteAllText(folder[".koala/owner/-7.json"], "");
        Assert.Equal(1, DataOwners.NewestEpoch(store));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_who_take_it_at_once_get_an_epoch_each(bool losesReplies)
    {
        const int MaxSteps = 8;
        for (int first = 0; first <= MaxSteps; first++)
        {
            for (int second = 0; second <= MaxSteps; second++)
            {
                var taken = new Dictionary<string, long>(StringComparer.Ordinal);
                using var turns = new Turns();
                var machine = new SimulatedMachine(new SimulatedDisk()) { BeforeStep = turns.Await };
                foreach (string owner in (string[])["one", "other"])
                {
                    var store = new SimulatedStore(machine, owner) { LosesReplies = losesReplies };
                    turns.Start(owner, () =>
                    {
                        long epoch = DataOwners.PublishNext(store, DataOwnerKind.Cluster, owner, "").Epoch;
                        lock (taken)
                        {
                            taken[owner] = epoch;
                        }
                    });
                }

                turns.Play(("one", first), ("other", second), ("one", MaxSteps), ("other", MaxSteps));
                Assert.Equal([1, 2], taken.Values.Order());
            }
        }
    }

    [Fact]
    public void However_often_it_dies_what_was_told_is_on_disk_and_whole()
    {
        var enumeration = new CrashEnumeration(Take, Wrong);
        enumeration.Run(expected: null);
        Assert.InRange(enumeration.States, 5, 1000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Without_either_of_its_flushes_the_enumeration_finds_what_goes_wrong(int forgotten)
    {
        var enumeration = new CrashEnumeration((machine, owner) => Take(new ForgetfulStore(machine, owner, forgotten)), Wrong);
        Assert.ThrowsAny<Exception>(() =>
        {
            enumeration.Run(expected: null);
            WorksOnWhatIsLost(forgotten);
        });
    }

    private static void Take(SimulatedMachine machine, string owner) => Take(new SimulatedStore(machine, owner));

    private static void Take(SimulatedStore store)
    {
        store.RemoveOthers();
        if (DataOwners.NewestEpoch(store) < Enough)
        {
            DataOwners.PublishNext(store, DataOwnerKind.Cluster, "owner", "");
        }
    }

    // An owner that has read an epoch acts in its name: a power loss must not let another have the same one.
    private static void WorksOnWhatIsLost(int forgotten)
    {
        var machine = new SimulatedMachine(new SimulatedDisk());
        long epoch = DataOwners.PublishNext(new ForgetfulStore(machine, "one", forgotten), DataOwnerKind.Cluster, "one", "").Epoch;
        Assert.All(machine.Disk.AfterPowerLoss(), left =>
            Assert.True(DataOwners.PublishNext(new SimulatedStore(new SimulatedMachine(left), "other"), DataOwnerKind.Cluster, "other", "").Epoch > epoch));
    }

    private static string? Wrong(SimulatedDisk disk)
    {
        var store = new SimulatedStore(new SimulatedMachine(disk), "observer");
        return DataOwners.NewestEpoch(store) is > 0 and long epoch && DataOwners.Newest(store)!.Epoch != epoch ? "an epoch that says it is another" : null;
    }
}
