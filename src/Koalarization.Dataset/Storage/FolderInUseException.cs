namespace Koalarization.Dataset.Storage;

/// <summary>Another program holds the lock of a folder.</summary>
/// <param name="folder">The folder.</param>
public sealed class FolderInUseException(string folder) : IOException($"{folder} is being worked on by another koala; wait for it, or stop it.")
{
    /// <summary>The folder that is locked.</summary>
    public string Folder { get; } = folder;
}
