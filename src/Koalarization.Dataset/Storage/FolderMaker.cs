namespace Koalarization.Dataset.Storage;

/// <summary>Makes folders below a root with the root's group and permissions, so that every writer of the root may write to them.</summary>
internal sealed class FolderMaker(string root)
{
    private readonly (uint Group, uint Mode)? _access = Posix.AccessOf(root);

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

        Directory.CreateDirectory(path);

        // What is made durable in the folder would be lost with it.
        Posix.FlushFolder(Path.GetDirectoryName(path)!);
        if (_access is (uint group, uint mode))
        {
            Posix.TrySetAccess(path, group, mode);
        }
    }
}
