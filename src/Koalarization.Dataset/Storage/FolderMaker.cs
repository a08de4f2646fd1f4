namespace Koalarization.Dataset.Storage;

/// <summary>Makes folders below a root with the root's group and permissions, so that every writer of the root may write to them.</summary>
internal sealed class FolderMaker(string root)
{
    private readonly (uint Group, uint Mode)? _access = Posix.AccessOf(root);

    /// <summary>Makes a folder and those above it, where they are missing.</summary>
    /// <exception cref="IOException">It cannot be made; the message says what is in the way.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string? above = Path.GetFullPath(path);
            while (above is not null && !Path.Exists(above))
            {
                above = Path.GetDirectoryName(above);
            }

            throw new IOException(
                above is null || Directory.Exists(above)
                    ? exception is UnauthorizedAccessException ? $"The folder {path} cannot be made: {above} may not be written to." : $"The folder {path} cannot be made: {FileFaults.Sentence(exception)}"
                    : $"{above} is a file, and a folder is needed there; move it away, or choose another folder.",
                exception.HResult);
        }
    }

    /// <summary>Makes a folder and those above it, where they are missing.</summary>
    public void Ensure(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is string parent && path.Length > root.Length)
        {
            Ensure(parent);
        }

        Create(path);

        // What is made durable in the folder would be lost with it.
        Posix.FlushFolder(Path.GetDirectoryName(path)!);
        if (_access is (uint group, uint mode))
        {
            Posix.TrySetAccess(path, group, mode);
        }
    }
}
