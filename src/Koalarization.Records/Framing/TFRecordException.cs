namespace Koalarization.Records.Framing;

/// <summary>A TFRecord file is damaged. Records read before it are good.</summary>
public sealed class TFRecordException : IOException
{
    internal TFRecordException(string file, long offset, TFRecordCheck check, string problem, Exception? cause = null)
        : base($"{file}, record at byte {offset}: {problem}.", cause)
    {
        File = file;
        Offset = offset;
        Check = check;
    }

    /// <summary>The file's path, or the name given for the stream.</summary>
    public string File { get; }

    /// <summary>Where the damaged record begins, in bytes of the uncompressed file.</summary>
    public long Offset { get; }

    /// <summary>Which check failed.</summary>
    public TFRecordCheck Check { get; }
}
