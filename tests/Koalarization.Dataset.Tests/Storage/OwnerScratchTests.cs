using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Storage;

public sealed class OwnerScratchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileDataStore _store;

    public OwnerScratchTests() => _store = new FileDataStore(_folder.Path, OwnerScratch.Of(0, "desk"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Those_who_are_present_keep_their_spaces_and_marks()
    {
        FileDataStore present = Mark("present", slice: 1), gone = Mark("gone", slice: 2);
        OwnerScratch.RemoveOthers(_store, new HashSet<string> { "present", "desk" });
        Assert.Equal(["present"], _store.List(DataLayout.TemporaryOf(1)));
        Assert.Equal([KeyValuePair.Create(2, 1)], OwnerScratch.Losses(_store, 1));
        present.NewDraft().Dispose();
        Assert.Throws<DirectoryNotFoundException>(gone.NewDraft);
    }

    [Fact]
    public void A_space_of_a_plain_step_is_not_a_clusters_to_remove()
    {
        Directory.CreateDirectory(_folder[".koala/tmp/some-step"]);
        OwnerScratch.RemoveOthers(_store, new HashSet<string> { "desk" });
        Assert.True(Directory.Exists(_folder[".koala/tmp/some-step"]));
    }

    [Fact]
    public void One_owner_that_is_lost_is_removed_alone()
    {
        Mark("one", slice: 1);
        Mark("other", slice: 1);
        OwnerScratch.RemoveLost(_store, 1, "one");
        OwnerScratch.RemoveLost(_store, 1, "one");
        Assert.Equal(["other"], _store.List(DataLayout.TemporaryOf(1)));
        Assert.Equal([KeyValuePair.Create(1, 1)], OwnerScratch.Losses(_store, 1));
        OwnerScratch.RemoveLost(_store, 1, "other");
        Assert.Equal([KeyValuePair.Create(1, 2)], OwnerScratch.Losses(_store, 1));
    }

    [Fact]
    public void Several_remove_the_same_spaces_at_once_and_each_loss_counts_once()
    {
        const int Owners = 40, Removers = 8;
        for (int i = 0; i < Owners; i++)
        {
            FileDataStore gone = Mark($"gone{i}", slice: i % 4);
            for (int file = 0; file < 20; file++)
            {
                gone.NewDraft([1, 2, 3]);
            }
        }

        HashSet<string> present = [.. Enumerable.Range(0, Removers).Select(i => $"desk{i}"), "desk"];
        FileDataStore[] stores = [.. Enumerable.Range(0, Removers).Select(i => new FileDataStore(_folder.Path, OwnerScratch.Of(0, $"desk{i}")))];
        using var together = new Barrier(Removers);
        Thread[] removers = [.. stores.Select(store => new Thread(() =>
        {
            together.SignalAndWait();
            OwnerScratch.RemoveOthers(store, present);
        }))];
        Array.ForEach(removers, remover => remover.Start());
        Array.ForEach(removers, remover => remover.Join());
        Assert.Empty(_store.List(DataLayout.TemporaryOf(1)));
        Assert.Equal(Owners, OwnerScratch.Losses(_store, 1).Sum(loss => loss.Value));
    }

    [Fact]
    public void An_owner_that_ends_leaves_the_folders_of_those_who_stay()
    {
        FileDataStore ends = Mark("ends", slice: 1), stays = Mark("stays", slice: 2);
        ends.Close();
        OwnerScratch.RemoveOwn(ends, 1, "ends");
        stays.NewDraft().Dispose();
        stays.Close();
        OwnerScratch.RemoveOwn(stays, 1, "stays");
        Assert.Equal(["0"], _store.List(DataLayout.Temporary));
    }

    private FileDataStore Mark(string owner, int slice)
    {
        var store = new FileDataStore(_folder.Path, OwnerScratch.Of(1, owner));
        OwnerScratch.MarkSlice(store, 1, slice);
        return store;
    }
}
