namespace Koalarization.Dataset.Tests;

public sealed class WorkFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_to_publish_a_name_wins()
    {
        using WorkFolder work = WorkFolder.Open(_folder.Path);
        Assert.True(work.Publish("a.jpeg", "first"u8));
        Assert.False(work.Publish("a.jpeg", "second"u8));
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
        string left;
        using (WorkFolder killed = WorkFolder.Open(_folder.Path))
        {
            left = killed.NewTemporaryPath();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "half a picture");
        using (WorkFolder.Open(_folder.Path))
        {
            Assert.False(File.Exists(left));
        }

        Assert.Equal([_folder[".koala"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Closing_waits_for_what_is_being_published_and_lets_nothing_in_afterwards()
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
                        Assert.Throws<ObjectDisposedException>(() => PublishUntilRefused(work, $"{round}-{publisher}"));
                    },
                    CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
            ];
            started.Wait();
            work.Dispose();
            await Task.WhenAll(publishers);
            Assert.Equal([_folder[".koala/lock"]], Directory.GetFileSystemEntries(_folder[".koala"]));
        }
    }

    [Fact]
    public void What_was_fixed_first_stands()
    {
        using WorkFolder work = WorkFolder.Open(_folder.Path);
        Assert.Equal("first", work.FixState("size", "first"));
        Assert.Equal("first", work.FixState("size", "second"));
    }

    [Fact]
    public void Publishing_where_the_folder_is_gone_is_an_error_and_no_loss()
    {
        using WorkFolder work = WorkFolder.Open(_folder.Path);
        Assert.Throws<IOException>(() => work.Publish("gone/a.jpeg", "x"u8));
    }

    [Fact]
    public void A_probe_of_this_file_system_says_that_names_are_given_once()
    {
        StoreProbe probe = StoreProbe.Of(_folder.Path, TimeProvider.System);
        Assert.Null(probe.Error);
        Assert.True(probe.PublishesOnce);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private static void PublishUntilRefused(WorkFolder work, string name)
    {
        for (int i = 0; ; i++)
        {
            work.Publish($"{name}-{i}.jpeg", "x"u8);
        }
    }
}
