namespace Koalarization.Dataset.Storage;

/// <summary>What has a file's name is a pipe, a socket, a device, or a link that leads to itself.</summary>
public sealed class NotRegularFileException(string path) : IOException($"{path} {Reason}.")
{
    /// <summary>What it is, in words.</summary>
    public const string Reason = "is no regular file (a pipe, a socket, a device, or a link to itself)";
}
