using Microsoft.Win32.SafeHandles;

namespace Koalarization.Dataset.Storage;

/// <summary>Keeps a second program out of a folder, on this machine and, where the mount passes locks on, on others. It prevents waste; publish-once gives correctness.</summary>
public sealed class FolderLock : IDisposable
{
    private const string LockFile = "lock";

    private readonly SafeFileHandle _file;
    private readonly string _folder;
    private readonly bool _isNewFolder;
    private readonly bool _isNewState;

    private FolderLock(SafeFileHandle file, string folder, bool isNewFolder, bool isNewState) =>
        (_file, _folder, _isNewFolder, _isNewState) = (file, folder, isNewFolder, isNewState);

    /// <summary>Makes the folder and its state folder where they are missing, and locks them.</summary>
    /// <exception cref="FolderInUseException">Another program works on the folder.</exception>
    /// <exception cref="IOException">The folder cannot be made or locked.</exception>
    public static FolderLock Take(string folder)
    {
        string state = Path.Combine(folder, DataLayout.State);
        string path = Path.Combine(state, LockFile);
        while (true)
        {
            (bool isNewFolder, bool isNewState) = (!Directory.Exists(folder), !Directory.Exists(state));
            FolderMaker.Create(folder);
            new FolderMaker(folder).Ensure(state);
            SafeFileHandle file = Posix.OpenForLocking(path);
            int error = Posix.TryLockExclusively(file);
            if (error == 0 && File.Exists(path))
            {
                return new FolderLock(file, folder, isNewFolder, isNewState);
            }

            file.Dispose();
            if (error != 0)
            {
                throw error == Posix.WouldBlock ? new FolderInUseException(folder) : Posix.Failed("lock", folder, error);
            }

            // The one who had it before has just removed the file.
        }
    }

    /// <summary>Gives the lock back. Where nothing came of the work, the folders that were made for it are gone.</summary>
    public void Dispose()
    {
        if (_isNewState)
        {
            RemoveIfUnused();
        }

        _file.Dispose();
    }

    private void RemoveIfUnused()
    {
        string state = Path.Combine(_folder, DataLayout.State), file = Path.Combine(state, LockFile);
        try
        {
            if (Directory.EnumerateFileSystemEntries(state).All(entry => entry == file))
            {
                File.Delete(file);
                Directory.Delete(state);
                if (_isNewFolder && !Directory.EnumerateFileSystemEntries(_folder).Any())
                {
                    Directory.Delete(_folder);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another program has begun to work there, or the disk is gone.
        }
    }
}
