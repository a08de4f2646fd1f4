using Microsoft.Win32.SafeHandles;

namespace Koalarization.Dataset.Storage;

/// <summary>Keeps a second program out of a folder, on this machine and, where the mount passes locks on, on others. It prevents waste; publish-once gives correctness.</summary>
public sealed class FolderLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private FolderLock(SafeFileHandle file) => _file = file;

    /// <summary>Makes the folder and its state folder where they are missing, and locks them.</summary>
    /// <exception cref="FolderInUseException">Another program works on the folder.</exception>
    /// <exception cref="IOException">The folder cannot be made or locked.</exception>
    public static FolderLock Take(string folder)
    {
        Directory.CreateDirectory(folder);
        string state = Path.Combine(folder, DataLayout.State);
        new FolderMaker(folder).Ensure(state);
        SafeFileHandle file = Posix.OpenForLocking(Path.Combine(state, "lock"));
        int error = Posix.TryLockExclusively(file);
        if (error == 0)
        {
            return new FolderLock(file);
        }

        file.Dispose();
        throw error == Posix.WouldBlock ? new FolderInUseException(folder) : Posix.Failed("lock", folder, error);
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();
}
