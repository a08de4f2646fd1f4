using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Storage;

public sealed class WorkFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_to_publish_a_name_wins()
    {
        using WorkFolder work = WorkFolder.Open(_folder.Path);
        Assert.True(Publish(work, "a.jpeg", "first"u8));
        Assert.False(Publish(work, "a.jpeg", "second"u8));
        Assert.Equal("first", File.ReadAllText(_folder["a.jpeg"]));
    }

    [Fact]
    public void A_second_program_is_kept_out_until_the_first_lets_go()
    {
        WorkFolder first = WorkFolder.Open(_folder.Path);
        Assert.Equal(_folder.Path, Assert.Throws<FolderInUseException>(() => WorkFolder.Open(_folder.Path)).Folder);
        first.Dispose();
        WorkFolder.Open(_folder.Path).Dispose();
    }

    [Fact]
    public void What_a_killed_run_left_unfinished_is_removed_by_the_next()
    {
        string left = _folder[".koala/tmp/host-1-dead/00000001"];

        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "half a picture");
        using (WorkFolder.Open(_folder.Path))
        {
            Assert.False(File.Exists(left));
        }

        Assert.Equal([_folder[".koala"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task What_is_still_being_published_when_the_folder_closes_is_there_whole_or_not_at_all_and_nothing_comes_afterwards()
    {
        for (int round = 0; round < 10; round++)
        {
            WorkFolder work = WorkFolder.Open(_folder.Path);
            using var started = new CountdownEvent(4);
            Task[] publishers =
            [
                .. Enumerable.Range(0, 4).Select(publisher => Task.Factory.StartNew(
                    () =>
                    {
                        started.Signal();
                        Exception refusal = Assert.ThrowsAny<Exception>(() => PublishUntilRefused(work, $"{round}-{publisher}"));
                        Assert.True(refusal is ObjectDisposedException or IOException, refusal.ToString());
                    },
                    CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
            ];
            started.Wait();
            work.Dispose();
            int published = Directory.GetFiles(_folder.Path).Length;
            await Task.WhenAll(publishers);
            Assert.Equal(published, Directory.GetFiles(_folder.Path).Length);
            Assert.All(Directory.GetFiles(_folder.Path), file => Assert.Equal("x", File.ReadAllText(file)));

            // Where nothing was begun the lock goes too.
            Assert.DoesNotContain(EntriesOfState(), entry => entry != _folder[".koala/lock"]);
        }
    }

    private string[] EntriesOfState() =>
        Directory.Exists(_folder[".koala"]) ? Directory.GetFileSystemEntries(_folder[".koala"]) : [];

    [Fact]
    public void What_was_fixed_first_stands()
    {
        using WorkFolder work = WorkFolder.Open(_folder.Path);
        Assert.Equal("first", work.FixState("size", "first"));
        Assert.Equal("first", work.FixState("size", "second"));
    }

    [Fact]
    public void The_spaces_of_a_round_are_left_to_who_goes_on_with_it()
    {
        Directory.CreateDirectory(_folder[".koala/tmp/1/owner"]);
        WorkFolder.Open(_folder.Path).Dispose();
        Assert.True(Directory.Exists(_folder[".koala/tmp/1/owner"]));
    }

    [Fact]
    public void A_probe_of_this_file_system_says_that_names_are_given_once()
    {
        StoreProbe probe = StoreProbe.Of(_folder.Path, TimeProvider.System);
        Assert.Null(probe.Error);
        Assert.True(probe.PublishesOnce);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private static bool Publish(WorkFolder work, string name, ReadOnlySpan<byte> content)
    {
        using IDraft draft = work.Store.NewDraft();
        draft.Content.Write(content);
        return work.Store.Publish(draft, name);
    }

    private static void PublishUntilRefused(WorkFolder work, string name)
    {
        for (int i = 0; ; i++)
        {
            Publish(work, $"{name}-{i}.jpeg", "x"u8);
        }
    }
}
