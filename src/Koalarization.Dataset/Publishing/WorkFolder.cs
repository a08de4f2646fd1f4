using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Koalarization.Dataset;

/// <summary>
/// A step's own space in the folder that it writes to: <c>.koala</c> with a lock that keeps a second program out, and a temporary folder that is
/// on the same file system as the final names. What a killed run left in the temporary folder goes when the next one opens it.
/// </summary>
public sealed class WorkFolder : IDisposable
{
    /// <summary>The folder, beside the results, for what a step must remember.</summary>
    public const string StateName = ".koala";

    private readonly SafeFileHandle _lock;
    private readonly string _temporary;

    // Publishers share it; who closes the folder takes it alone. It is never disposed, since a late publisher must still find it.
    private readonly ReaderWriterLockSlim _gate = new();
    private bool _closed;
    private long _next;

    private WorkFolder(string folder, string state, SafeFileHandle @lock)
    {
        Folder = folder;
        State = state;
        _lock = @lock;
        _temporary = Path.Combine(state, "tmp");
    }

    /// <summary>The folder that the step publishes to.</summary>
    public string Folder { get; }

    /// <summary>The folder for what the step must remember: <c>FOLDER/.koala</c>.</summary>
    public string State { get; }

    /// <summary>Makes the folder where it is missing, and locks it.</summary>
    /// <exception cref="FolderInUseException">Another program works on the folder.</exception>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    public static WorkFolder Open(string folder)
    {
        string state = Path.Combine(folder, StateName);
        Directory.CreateDirectory(state);
        SafeFileHandle handle = Posix.OpenForLocking(Path.Combine(state, "lock"));
        int error = Posix.TryLockExclusively(handle);
        if (error != 0)
        {
            handle.Dispose();
            throw error == Posix.WouldBlock ? new FolderInUseException(folder) : Posix.Failed("lock", folder, error);
        }

        var work = new WorkFolder(folder, state, handle);
        work.RemoveTemporary();
        Directory.CreateDirectory(work._temporary);
        return work;
    }

    /// <summary>A path of this step's own for a file that is not yet finished. Safe to call from any thread.</summary>
    public string NewTemporaryPath() => Path.Combine(_temporary, Interlocked.Increment(ref _next).ToString("x8"));

    /// <summary>Writes a small picture-sized file and publishes it. Safe to call from any thread.</summary>
    /// <returns>False when the name was taken: the file there was left as it is.</returns>
    /// <exception cref="ObjectDisposedException">The folder was closed before, as when a stream ends while some of its tasks still run.</exception>
    public bool Publish(string name, ReadOnlySpan<byte> content)
    {
        _gate.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            string temporary = NewTemporaryPath();
            using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, content, fileOffset: 0);
            }

            return PublishOnce.Publish(temporary, Path.Combine(Folder, name));
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Writes something to remember, unless an earlier run wrote it, and gives what now stands there.</summary>
    public string FixState(string name, string content)
    {
        PublishState(name, Encoding.UTF8.GetBytes(content));
        return File.ReadAllText(Path.Combine(State, name));
    }

    /// <summary>Writes something to remember, durably, to a name below <see cref="State"/>.</summary>
    /// <returns>False when the name was taken: what is there was left as it is.</returns>
    public bool PublishState(string name, ReadOnlySpan<byte> content)
    {
        string final = Path.Combine(State, name);
        string parent = Path.GetDirectoryName(final)!;
        Directory.CreateDirectory(parent);
        string temporary = NewTemporaryPath();
        using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.Write(file, content, fileOffset: 0);
            RandomAccess.FlushToDisk(file);
        }

        bool published = PublishOnce.Publish(temporary, final);
        PublishOnce.Flush(parent);
        return published;
    }

    /// <summary>Waits for what is being published, removes the temporary folder and gives the lock back.</summary>
    public void Dispose()
    {
        _gate.EnterWriteLock();
        _closed = true;
        _gate.ExitWriteLock();
        try
        {
            RemoveTemporary();
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private void RemoveTemporary()
    {
        if (Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }
}
