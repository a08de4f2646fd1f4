using System.Text;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Tests.Simulation;

namespace Koalarization.Dataset.Tests.Storage;

public sealed class GroupPublisherTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SimulatedMachine _machine = new(new SimulatedDisk());

    [Fact]
    public async Task A_group_waits_for_a_second_and_is_flushed_before_it_is_named()
    {
        var store = new CountingStore(_machine);
        await using var publisher = new GroupPublisher(store, _clock);
        Task<IReadOnlyList<bool>> first = publisher.PublishAsync((Draft(store, "a"), "original/a"), (Draft(store, "b"), "resized/a"));
        Task<IReadOnlyList<bool>> second = publisher.PublishAsync((Draft(store, "c"), "original/b"));
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Empty(store.Groups);
        Assert.False(first.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal([true, true], await first);
        Assert.Equal([true], await second);
        Assert.Equal([3], store.Groups);
        Assert.All(_machine.Disk.Names.Values, content => Assert.True(content.Durable));
    }

    [Fact]
    public async Task Sixty_four_files_are_not_waited_with()
    {
        var store = new CountingStore(_machine);
        await using var publisher = new GroupPublisher(store, _clock);
        Task[] done = [.. Enumerable.Range(0, 32).Select(i => publisher.PublishAsync((Draft(store, "a"), $"original/{i}"), (Draft(store, "b"), $"resized/{i}")))];
        await Task.WhenAll(done);
        Assert.Equal([64], store.Groups);
    }

    [Fact]
    public async Task Whoever_hurries_it_waits_for_no_second()
    {
        var store = new CountingStore(_machine);
        await using var publisher = new GroupPublisher(store, _clock);
        Task<IReadOnlyList<bool>> before = publisher.PublishAsync((Draft(store, "a"), "a"));
        publisher.Hurry();
        await before;
        Task<bool> after = publisher.PublishAsync("b"u8.ToArray(), "b");
        Assert.False(after.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.05));
        Assert.True(await after);
        Assert.Equal([1, 1], store.Groups);
        Assert.Equal("b", _machine.Disk.Names["b"].Text);
    }

    [Fact]
    public async Task What_comes_after_a_lost_name_is_not_published_and_stays_the_callers()
    {
        var store = new CountingStore(_machine);
        await using var publisher = new GroupPublisher(store, _clock);
        Task<bool> theirs = publisher.PublishAsync("theirs"u8.ToArray(), "original/a");
        IDraft last = Draft(store, "resized of ours");
        Task<IReadOnlyList<bool>> ours = publisher.PublishAsync((Draft(store, "ours"), "original/a"), (last, "resized/a"));
        publisher.Hurry();
        Assert.True(await theirs);
        Assert.Equal([false], await ours);
        Assert.Null(store.SizeOf("resized/a"));
        Assert.Equal("theirs", _machine.Disk.Names["original/a"].Text);
        last.Dispose();
        Assert.Equal(["original/a"], _machine.Disk.Names.Keys);
    }

    [Fact]
    public async Task A_full_disk_is_told_to_every_caller_of_the_group_and_the_next_group_has_its_own_chance()
    {
        var store = new CountingStore(_machine) { IsFull = true };
        await using var publisher = new GroupPublisher(store, _clock);
        IDraft one = Draft(store, "a"), other = Draft(store, "b");
        Task<IReadOnlyList<bool>> first = publisher.PublishAsync((one, "a")), second = publisher.PublishAsync((other, "b"));
        publisher.Hurry();
        Assert.Equal(28, (await Assert.ThrowsAsync<IOException>(() => first)).HResult);
        Assert.Equal(28, (await Assert.ThrowsAsync<IOException>(() => second)).HResult);
        one.Dispose();
        other.Dispose();
        Assert.Empty(_machine.Disk.Names);
        store.IsFull = false;
        Task<bool> again = publisher.PublishAsync("a"u8.ToArray(), "a");
        publisher.Hurry();
        Assert.True(await again);
    }

    [Fact]
    public async Task Closing_publishes_what_waits_and_takes_nothing_more()
    {
        var store = new CountingStore(_machine);
        var publisher = new GroupPublisher(store, _clock);
        Task<IReadOnlyList<bool>> waiting = publisher.PublishAsync((Draft(store, "a"), "a"));
        await publisher.DisposeAsync();
        Assert.Equal([true], await waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => publisher.PublishAsync((Draft(store, "b"), "b")));
        await publisher.DisposeAsync();
    }

    [Fact]
    public void However_often_it_dies_names_stand_for_whole_pictures_and_all_of_them_come()
    {
        var enumeration = new CrashEnumeration((machine, owner) => PublishMissing(new SimulatedStore(machine, owner)), Wrong);
        enumeration.Run(Undisturbed());
        Assert.InRange(enumeration.States, 20, 20_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Without_any_one_of_the_flushes_the_enumeration_finds_what_goes_wrong(int forgotten)
    {
        var enumeration = new CrashEnumeration((machine, owner) => PublishMissing(new ForgetfulStore(machine, owner, forgotten)), Wrong);
        Assert.ThrowsAny<Exception>(() => enumeration.Run(Undisturbed()));
    }

    // As a slice is worked on: pictures in a group, then their folders, then the manifest that refers to them.
    private static void PublishMissing(SimulatedStore store)
    {
        store.RemoveOthers();
        if (store.SizeOf("manifest") is not null)
        {
            store.FlushNames("");
            return;
        }

        var publisher = new GroupPublisher(store, TimeProvider.System);
        List<Task> published = [];
        foreach (string picture in (string[])["a", "b"])
        {
            string original = $"original/{picture}", resized = $"resized/{picture}";
            (IDraft, string)[] missing = [.. new[] { original, resized }.Where(name => store.SizeOf(name) is null).Select(name => (Draft(store, Whole(name)), name))];
            published.Add(publisher.PublishAsync(missing));
        }

        publisher.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Task.WhenAll(published).GetAwaiter().GetResult();
        store.FlushNames("original");
        store.FlushNames("resized");
        StateFile.Publish(store, "manifest", "m"u8);
    }

    private static string Undisturbed()
    {
        var machine = new SimulatedMachine(new SimulatedDisk());
        PublishMissing(new SimulatedStore(machine, "owner"));
        Assert.Equal(5, machine.Disk.Names.Count);
        return machine.Disk.Seen;
    }

    private static string? Wrong(SimulatedDisk disk)
    {
        IReadOnlyDictionary<string, SimulatedContent> names = disk.Names;
        string[] pictures = ["original/a", "original/b", "resized/a", "resized/b"];
        return names.ContainsKey("manifest") && pictures.Any(name => !names.ContainsKey(name)) ? "a manifest of pictures that are not there"
            : pictures.Any(name => names.TryGetValue(name, out SimulatedContent? content) && content.Text != Whole(name)) ? "half a picture"
            : null;
    }

    private static string Whole(string name) => $"all of {name}";

    private static IDraft Draft(IDataStore store, string content)
    {
        IDraft draft = store.NewDraft();
        draft.Content.Write(Encoding.ASCII.GetBytes(content));
        return draft;
    }

    private sealed class CountingStore(SimulatedMachine machine) : SimulatedStore(machine, "owner")
    {
        public List<int> Groups { get; } = [];

        public bool IsFull { get; set; }

        public override void Flush(IReadOnlyCollection<IDraft> drafts)
        {
            if (IsFull)
            {
                throw new IOException("No space left on device.", 28);
            }

            Groups.Add(drafts.Count);
            base.Flush(drafts);
        }
    }
}
