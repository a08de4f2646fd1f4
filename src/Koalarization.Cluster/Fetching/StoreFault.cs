using Koalarization.Dataset.Storage;

namespace Koalarization.Cluster.Fetching;

/// <summary>What keeps a node from processing a slice, in one sentence.</summary>
internal static class StoreFault
{
    /// <summary>Whether an exception is the store's, so that trying the same again at once is of no use.</summary>
    public static bool Is(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or InvalidDataException;

    /// <summary>
    /// Whether a store's fault may pass by itself, or when room is made: what the system says of a disk or a mount. A file that is missing, or is not what it
    /// should be, has an exception of its own.
    /// </summary>
    public static bool MayPass(Exception exception) =>
        exception is UnauthorizedAccessException or DirectoryNotFoundException || exception.GetType() == typeof(IOException);

    /// <summary>The sentence.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="continues">Whether the work continues by itself once the fault is mended.</param>
    public static string Sentence(Exception exception, bool continues = false) => exception switch
    {
        IOException io when IsDiskFull(io) => continues
            ? "the disk is full; free some space."
            : "the disk is full; free some space and run the same command again, it continues from there.",
        _ when Is(exception) => FileFaults.Sentence(exception),
        _ => $"unexpected: {FirstLine(exception.Message).TrimEnd('.')}; the node's log shows where.",
    };

    /// <summary>A message without what follows its first line: native libraries put a stack trace there.</summary>
    public static string FirstLine(string message) => message.Trim().Split('\n', 2)[0].TrimEnd();

    /// <summary>Whether a disk, or the user's share of it, is full: ENOSPC and EDQUOT as .NET passes them on from Linux.</summary>
    public static bool IsDiskFull(IOException exception) => exception.HResult is 28 or 122;
}
