namespace Koalarization.Dataset;

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
        int error = Posix.Link(temporary, final);
        if (error is Posix.NotSupported or Posix.NotPermitted or Posix.TooManyLinks)
        {
            // A mount without hard links.
            error = Posix.RenameNoReplace(temporary, final);
            if (error == 0)
            {
                return true;
            }
        }

        switch (error)
        {
            case 0:
                File.Delete(temporary);
                return true;
            case Posix.AlreadyExists:
                File.Delete(temporary);
                return false;
            default:
                throw Posix.Failed("publish", final, error);
        }
    }

    /// <summary>Makes the names in a folder durable: after a power loss they are there.</summary>
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public static void Flush(string folder) => Posix.FlushFolder(folder);
}
