namespace Koalarization.Dataset.Storage;

/// <summary>Files whose path comes from outside: opening one never waits, and reading one ends.</summary>
public static class RegularFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="NotRegularFileException">It is a pipe, a socket or a device, which may never give or end.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileStream OpenRead(string path)
    {
        Refuse(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Refuses what is no file of bytes and no folder.</summary>
    /// <exception cref="NotRegularFileException">It is a pipe, a socket or a device.</exception>
    public static void Refuse(string path)
    {
        if (Posix.IsNoRegularFile(path))
        {
            throw new NotRegularFileException(path);
        }
    }
}
