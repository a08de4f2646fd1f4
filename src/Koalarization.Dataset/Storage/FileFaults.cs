using System.Text.Json;

namespace Koalarization.Dataset.Storage;

/// <summary>
/// What went wrong with a file, as a sentence for people: the file first, then the reason. The runtime's own messages name no cause that a user knows, and some
/// name no file.
/// </summary>
public static class FileFaults
{
    private const int NoPermission = 1;
    private const int DiskError = 5;
    private const int NotAFolder = 20;
    private const int IsFolder = 21;
    private const int TooManyOpenInAll = 23;
    private const int TooManyOpen = 24;
    private const int NoRoom = 28;
    private const int ReadOnly = 30;
    private const int Loop = 40;
    private const int Stale = 116;
    private const int NoQuota = 122;

    /// <summary>The sentence, with a full stop. A message that is this program's own stays as it is.</summary>
    public static string Sentence(Exception exception)
    {
        string message = exception.Message.Trim().Split('\n', 2)[0].TrimEnd();
        string? path = QuotedIn(message);
        return exception switch
        {
            FileNotFoundException or DirectoryNotFoundException when path is not null && message.StartsWith("Could not find", StringComparison.Ordinal) => $"{path} does not exist.",
            UnauthorizedAccessException when path is not null && IsOpenFolder(path) => $"{path} is a folder, and a file is needed there.",
            UnauthorizedAccessException when message.StartsWith("Access to the path", StringComparison.Ordinal) => $"{path ?? "A file or a stream"} may not be read or written by this user.",
            PathTooLongException => $"{path ?? "A name"} is too long for this file system.",
            IOException io when path is not null && message.EndsWith($" : '{path}'", StringComparison.Ordinal) => OfSystem(io.HResult, path, message[..^(path.Length + 5)]),
            IOException when path is not null && message.StartsWith("The process cannot access the file", StringComparison.Ordinal) => $"{path} is in use by another process.",
            IOException when path is not null && (message.StartsWith("The file '", StringComparison.Ordinal) || message.StartsWith("Cannot create '", StringComparison.Ordinal))
                && message.EndsWith("already exists.", StringComparison.Ordinal) => $"{path} exists already.",
            _ => message.EndsWith('.') ? message : message + ".",
        };
    }

    /// <summary>The sentence as a part of another: without its full stop.</summary>
    public static string Clause(Exception exception) => Sentence(exception)[..^1];

    /// <summary>Where a JSON file cannot be read: <c>line 3, byte 14 (links)</c>. The parser's own message names types.</summary>
    public static string PlaceOf(JsonException exception)
    {
        string property = exception.Path is { Length: > 2 } path ? $" ({path.TrimStart('$', '.')})" : "";
        return exception is { LineNumber: long line, BytePositionInLine: long at } ? $"line {line + 1}, byte {at + 1}{property}" : $"its beginning{property}";
    }

    // The runtime refuses to open a folder as a file with the words for one that may not be read.
    private static bool IsOpenFolder(string path)
    {
        try
        {
            return Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Take(1).Count() >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string OfSystem(int error, string path, string meaning) => error switch
    {
        NoPermission => $"{path} may not be changed by this user.",
        DiskError => $"{path} cannot be read or written: the disk reports an error.",
        NotAFolder => $"{path} leads through a file where a folder is needed.",
        IsFolder => $"{path} is a folder, and a file is needed there.",
        TooManyOpen or TooManyOpenInAll => $"{path} cannot be opened: too many files are open; raise the limit with ulimit -n.",
        NoRoom => $"{path} cannot be written: the disk is full.",
        NoQuota => $"{path} cannot be written: this user's share of the disk is full.",
        ReadOnly => $"{path} cannot be written: its file system is mounted for reading only.",
        Loop => $"{path} is a link that leads to itself.",
        Stale => $"{path} is on a mount whose server has replaced it; mount it again.",
        _ => $"{path}: {char.ToLowerInvariant(meaning[0])}{meaning[1..]}.",
    };

    private static string? QuotedIn(string message)
    {
        int first = message.IndexOf('\'', StringComparison.Ordinal), last = message.LastIndexOf('\'');
        return last > first + 1 ? message[(first + 1)..last] : null;
    }
}
