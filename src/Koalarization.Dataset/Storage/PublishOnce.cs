namespace Koalarization.Dataset.Storage;

/// <summary>
/// Gives a finished file its final name, whole or not at all, and never replaces what already has that name: the first to publish wins.
/// </summary>
public static class PublishOnce
{
    /// <summary>
    /// Moves the finished file at <paramref name="temporary"/> to <paramref name="final"/>, on the same file system, and removes the temporary name.
    /// </summary>
    /// <returns>Whether this call gave the file its name; false when the name was taken, and what has it was left as it is.</returns>
    /// <exception cref="IOException">The file system refused for another reason.</exception>
    public static bool Publish(string temporary, string final)
    {
        bool published = TryPublish(temporary, final);
        File.Delete(temporary);
        return published;
    }

    /// <summary>As <see cref="Publish"/>, but the temporary name may stay.</summary>
    /// <exception cref="DirectoryNotFoundException">The final name's folder is missing.</exception>
    /// <exception cref="IOException">The file system refused for another reason.</exception>
    internal static bool TryPublish(string temporary, string final)
    {
        int error = TryLink(temporary, final);
        if (error is Posix.NotSupported or Posix.NotPermitted or Posix.TooManyLinks)
        {
            // A mount without hard links.
            error = Posix.RenameNoReplace(temporary, final);
        }

        return error switch
        {
            0 => true,
            Posix.AlreadyExists => false,
            _ => throw Posix.Failed("publish", final, error),
        };
    }

    /// <summary>Gives a file a second name. Returns 0, or the error's number.</summary>
    /// <exception cref="DirectoryNotFoundException">The second name's folder is missing.</exception>
    internal static int TryLink(string existing, string name)
    {
        int error = Posix.Link(existing, name);

        // Whether the folder is there now says nothing: another thread may have made it since. What is published is there, so it was the folder.
        return error == Posix.NoSuchFile && File.Exists(existing)
            ? throw new DirectoryNotFoundException($"{Path.GetDirectoryName(name)} does not exist.")
            : error;
    }

    /// <summary>Makes the names in a folder durable: after a power loss they are there.</summary>
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public static void Flush(string folder) => Posix.FlushFolder(folder);
}
