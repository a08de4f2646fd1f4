namespace Koalarization.Dataset.Storage;

/// <summary>Tries what a folder's file system does for data sets, and how fast, with the product's own way of writing. What it writes is gone afterwards.</summary>
public sealed class StoreTrial : IDisposable
{
    /// <summary>Bytes of each file of a group: as an original has on average.</summary>
    public const int FileBytes = 110_000;

    /// <summary>Bytes that a picture takes in a record.</summary>
    public const int PictureBytes = 1_080_000;

    /// <summary>Bytes of the record that is written.</summary>
    public const long RecordBytes = 100L * PictureBytes;

    /// <summary>Bytes that a trial has on the disk at once, at most.</summary>
    public const long BytesNeeded = RecordBytes + ((long)GroupsAtMost * GroupPublisher.FilesInGroup * FileBytes);

    private const int GroupsAtMost = 8;
    private const int GroupsAtLeast = 3;

    // More groups would say little more of a store that is slow.
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(5);

    private readonly TrialFolder _folder;
    private readonly FileDataStore _store;
    private readonly TimeProvider _time;

    private StoreTrial(TrialFolder folder, FileDataStore store, TimeProvider time) => (_folder, _store, _time) = (folder, store, time);

    /// <summary>Begins a trial in a folder of its own.</summary>
    /// <param name="store">The folder that is tried; it exists.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static StoreTrial Begin(string store, TimeProvider time)
    {
        var folder = TrialFolder.In(store);
        try
        {
            return new StoreTrial(folder, new FileDataStore(folder.Path, "drafts"), time);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Tries the names of files.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public StoreNames Names()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "names")).FullName;
        string file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        bool hasLinks = PublishOnce.TryLink(file, Path.Combine(folder, "second")) == 0;
        using IDraft first = _store.NewDraft("1"u8), second = _store.NewDraft("2"u8);
        _store.Replace(first, "names/view");
        _store.Replace(second, "names/view");
        return new StoreNames(PublishesOnce(), hasLinks, File.ReadAllText(Path.Combine(folder, "view")) == "2");
    }

    /// <summary>Publishes groups of small files as fetching does: each group is written, made durable and named.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public async Task<GroupTimes> GroupsAsync(CancellationToken cancellation)
    {
        var random = new Random(1);
        byte[][] files = [.. Enumerable.Range(0, GroupPublisher.FilesInGroup).Select(_ => new byte[FileBytes])];
        List<TimeSpan> times = [];
        long begin = _time.GetTimestamp();
        await using var publisher = new GroupPublisher(_store, _time);
        for (int group = 0; group < GroupsAtMost && (group < GroupsAtLeast || _time.GetElapsedTime(begin) < LongEnough); group++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.ForEach(files, random.NextBytes);
            long start = _time.GetTimestamp();
            await Task.WhenAll(files.Select((content, number) => publisher.PublishAsync(content, $"pictures/{group}-{number}")));
            times.Add(_time.GetElapsedTime(start));
        }

        // The first one also made the folder.
        TimeSpan[] sorted = [.. times.Skip(1).Order()];
        return new GroupTimes(sorted[sorted.Length / 2], sorted[^1]);
    }

    /// <summary>Writes a record and makes it durable.</summary>
    /// <returns>Bytes a second.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public double RecordBytesPerSecond(CancellationToken cancellation)
    {
        var picture = new byte[PictureBytes];
        var random = new Random(2);
        using IDraft record = _store.NewDraft();
        TimeSpan writing = TimeSpan.Zero;
        for (long written = 0; written < RecordBytes; written += PictureBytes)
        {
            cancellation.ThrowIfCancellationRequested();
            random.NextBytes(picture);
            writing += Timed(() => record.Content.Write(picture));
        }

        return RecordBytes / (writing + Timed(() => _store.Flush([record]))).TotalSeconds;
    }

    /// <summary>Removes what was written.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Dispose() => _folder.Dispose();

    private bool PublishesOnce()
    {
        try
        {
            return StoreProbe.PublishesOnceBelow(_folder.Path);
        }
        catch (IOException refused) when (refused.HResult is Posix.InvalidArgument or Posix.NotSupported or Posix.NotImplemented)
        {
            return false;
        }
    }

    private TimeSpan Timed(Action work)
    {
        long start = _time.GetTimestamp();
        work();
        return _time.GetElapsedTime(start);
    }
}
