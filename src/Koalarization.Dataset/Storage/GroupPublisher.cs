using System.Collections.Concurrent;

namespace Koalarization.Dataset.Storage;

/// <summary>
/// Publishes contents, each durable before it gets its name. Durability is bought in groups: what comes within a second, or 64 files of it, is
/// flushed at once, and only then named. Callers wait for their group; they should be many. Thread-safe.
/// </summary>
/// <remarks>
/// 64 files of 110 KB on ext4: one flush of the file system takes 6 ms, a flush of each file 15 ms (9 ms when their writing is begun for all first);
/// with one group a second beside a program that writes 100 MB/s 60 ms, 149 ms (140 ms). docs/performance.md says how that was measured.
/// </remarks>
public sealed class GroupPublisher : IAsyncDisposable
{
    /// <summary>A group of this many files is not waited with.</summary>
    public const int FilesInGroup = 64;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HurriedWindow = TimeSpan.FromMilliseconds(50);

    private readonly IDataStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private readonly BlockingCollection<List<Publication>> _groups = [];
    private readonly Task _worker;
    private List<Publication> _waiting = [];
    private int _waitingFiles;
    private bool _hurried;
    private bool _disposed;

    /// <param name="store">Where.</param>
    /// <param name="time">Whose second it is.</param>
    public GroupPublisher(IDataStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        _timer = time.CreateTimer(_ => CloseGroup(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // Flushing blocks for as long as the disk takes: a thread of its own.
        _worker = Task.Factory.StartNew(PublishGroups, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Publishes finished drafts in order, up to the first whose name was taken. Theirs are those that come after it, and all when this fails.</summary>
    /// <returns>For each draft that was tried whether its name was free: at most the last is false.</returns>
    /// <exception cref="IOException">The group could not be made durable, or a name not be given.</exception>
    public Task<IReadOnlyList<bool>> PublishAsync(params (IDraft Draft, string Name)[] drafts)
    {
        var publication = new Publication(drafts);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _waiting.Add(publication);
            _waitingFiles += drafts.Length;
            if (_waitingFiles >= FilesInGroup)
            {
                CloseGroup();
            }
            else if (_waiting.Count == 1)
            {
                _timer.Change(_hurried ? HurriedWindow : Window, Timeout.InfiniteTimeSpan);
            }
        }

        return publication.Done.Task;
    }

    /// <summary>Publishes one content.</summary>
    /// <returns>Whether the name was free.</returns>
    /// <exception cref="IOException">There is no room, or the group could not be made durable.</exception>
    public async Task<bool> PublishAsync(ReadOnlyMemory<byte> content, string name)
    {
        using IDraft draft = _store.NewDraft(content.Span);
        return (await PublishAsync((draft, name)))[0];
    }

    /// <summary>Few callers are still to come: what waits is published now, and from now on a group waits only briefly.</summary>
    public void Hurry()
    {
        lock (_gate)
        {
            _hurried = true;
            CloseGroup();
        }
    }

    /// <summary>Many callers are to come again: groups fill, or take their second.</summary>
    public void TakeTime()
    {
        lock (_gate)
        {
            _hurried = false;
        }
    }

    /// <summary>Publishes what waits; nothing comes in afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                CloseGroup();
                _groups.CompleteAdding();
            }
        }

        await _timer.DisposeAsync();
        await _worker;
        _groups.Dispose();
    }

    private void CloseGroup()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _groups.Add(_waiting);
            (_waiting, _waitingFiles) = ([], 0);
        }
    }

    private void PublishGroups()
    {
        foreach (List<Publication> group in _groups.GetConsumingEnumerable())
        {
            // What has come while the last group was flushed goes with this one.
            while (_groups.TryTake(out List<Publication>? next))
            {
                group.AddRange(next);
            }

            long begin = _time.GetTimestamp();
            try
            {
                _store.Flush([.. group.SelectMany(publication => publication.Drafts).Select(draft => draft.Draft)]);
                StoreInstruments.Flushed(_time.GetElapsedTime(begin));
            }
            catch (Exception exception)
            {
                StoreInstruments.Failures.Add(1);

                // Whatever it is, it is the callers': who else would end with it is this thread, and everyone after them would wait for ever.
                group.ForEach(publication => publication.Done.SetException(exception));
                continue;
            }

            group.ForEach(publication => publication.Publish(_store));
        }
    }

    private sealed class Publication((IDraft Draft, string Name)[] drafts)
    {
        public IReadOnlyList<(IDraft Draft, string Name)> Drafts => drafts;

        public TaskCompletionSource<IReadOnlyList<bool>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Publish(IDataStore store)
        {
            try
            {
                List<bool> published = [];
                foreach ((IDraft draft, string name) in drafts)
                {
                    published.Add(store.Publish(draft, name));
                    if (!published[^1])
                    {
                        break;
                    }
                }

                Done.SetResult(published);
            }
            catch (Exception exception)
            {
                Done.SetException(exception);
            }
        }
    }
}
