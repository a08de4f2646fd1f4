using System.Globalization;
using System.Runtime.Versioning;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Tests.Storage;

[SupportedOSPlatform("linux")]
public sealed class FileDataStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileDataStore _store;

    public FileDataStoreTests() => _store = new FileDataStore(_folder.Path, ".koala/tmp/owner");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Threads_that_publish_into_a_folder_that_none_has_made_yet_all_do()
    {
        using var both = new Barrier(2);
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, thread =>
        {
            for (int folder = 0; folder < 2000; folder++)
            {
                using IDraft draft = _store.NewDraft();
                Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30)), "the other thread failed");
                Assert.True(_store.Publish(draft, $"raced/{folder}/{thread}"));
            }
        });
    }

    [Fact]
    public void A_name_that_is_taken_stays_as_it_is_and_the_draft_is_gone()
    {
        File.WriteAllText(_folder["a"], "theirs");
        Assert.False(_store.Publish(Draft("ours"), "a"));
        Assert.Equal("theirs", File.ReadAllText(_folder["a"]));
        Assert.Empty(Directory.GetFiles(_store.TemporaryFolder));
    }

    [Fact]
    public void A_draft_that_is_published_leaves_the_temporary_space()
    {
        Assert.True(_store.Publish(Draft("ours"), "some/folder/a"));
        Assert.Equal("ours", File.ReadAllText(_folder["some/folder/a"]));
        Assert.Empty(Directory.GetFiles(_store.TemporaryFolder));
    }

    [Fact]
    public void Groups_of_any_size_are_flushed()
    {
        IDraft[] drafts = [Draft("a"), Draft("b"), Draft("c")];
        _store.Flush([]);
        _store.Flush([drafts[0]]);
        _store.Flush(drafts);
        Assert.All(drafts, draft => Assert.True(_store.Publish(draft, Path.GetRandomFileName())));
    }

    [Fact]
    public void Folders_that_are_made_take_the_roots_permissions()
    {
        const UnixFileMode Shared = UnixFileMode.SetGroup | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
        string root = Directory.CreateDirectory(_folder["shared"]).FullName;
        File.SetUnixFileMode(root, Shared);
        if (Environment.UserName == "root")
        {
            Posix.TrySetAccess(root, group: 4711, (uint)Shared);
        }

        var store = new FileDataStore(root, ".koala/tmp/owner");
        store.Publish(store.NewDraft(), "original/ab/a.jpeg");
        (uint Group, uint Mode)? expected = Posix.AccessOf(root);
        Assert.Equal((uint)Shared, expected!.Value.Mode);
        Assert.All([".koala", ".koala/tmp", ".koala/tmp/owner", "original", "original/ab"], folder => Assert.Equal(expected, Posix.AccessOf(Path.Combine(root, folder))));
    }

    [Fact]
    public void A_second_name_is_given_once_and_needs_a_first()
    {
        File.WriteAllText(_folder["a"], "a");
        Assert.True(_store.PublishAlso("a", "folder/b"));
        Assert.False(_store.PublishAlso("a", "folder/b"));
        Assert.Throws<FileNotFoundException>(() => _store.PublishAlso("gone", "folder/c"));
        Assert.Equal(["b"], _store.List("folder"));
    }

    [Fact]
    public void Where_no_more_links_are_to_be_had_contents_are_moved_or_copied_and_replace_nothing()
    {
        // A file has at most 65,000 names on ext4, so that a mount without links can be seen without mounting one. Elsewhere this shows less.
        IDraft draft = Draft("ours");
        string path = Assert.Single(Directory.GetFiles(_store.TemporaryFolder));
        Directory.CreateDirectory(_folder["links"]);
        for (int i = 0; i < 65_500 && Posix.Link(path, _folder[string.Create(CultureInfo.InvariantCulture, $"links/{i}")]) == 0; i++)
        {
        }

        File.WriteAllText(_folder["taken"], "theirs");
        Assert.False(_store.PublishAlso("links/0", "taken"));
        Assert.True(_store.PublishAlso("links/0", "copy"));
        Assert.True(_store.Publish(draft, "folder/moved"));
        Assert.Equal(("ours", "ours", "theirs"), (File.ReadAllText(_folder["copy"]), File.ReadAllText(_folder["folder/moved"]), File.ReadAllText(_folder["taken"])));
        Assert.Empty(Directory.GetFiles(_store.TemporaryFolder));
    }

    [Fact]
    public void A_folder_on_another_file_system_is_refused_with_what_to_do()
    {
        string elsewhere = Directory.CreateDirectory($"/dev/shm/koala-test-{Guid.NewGuid():N}").FullName;
        try
        {
            Directory.CreateSymbolicLink(_folder["original"], elsewhere);
            IOException refusal = Assert.Throws<IOException>(() => _store.Publish(Draft("ours"), "original/a"));
            Assert.Contains("on another file system", refusal.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(elsewhere));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public void A_closed_store_takes_no_draft_and_has_no_temporary_space()
    {
        IDraft late = Draft("late");
        _store.Close();
        Assert.False(Directory.Exists(_store.TemporaryFolder));
        Assert.Throws<ObjectDisposedException>(() => _store.NewDraft());
        Assert.ThrowsAny<IOException>(() => _store.Publish(late, "late"));
        Assert.False(File.Exists(_folder["late"]));
    }

    [Fact]
    public void What_is_not_there_has_no_size_no_names_and_cannot_be_opened()
    {
        Assert.Null(_store.SizeOf("no/such"));
        Assert.Empty(_store.List("no/such"));
        Assert.Throws<FileNotFoundException>(() => _store.Open("no/such"));
        Assert.Throws<FileNotFoundException>(() => _store.Open("such"));
        _store.Remove("no/such");
        _store.FlushNames("no/such");
    }

    private IDraft Draft(string content)
    {
        IDraft draft = _store.NewDraft();
        draft.Content.Write(System.Text.Encoding.ASCII.GetBytes(content));
        return draft;
    }
}
