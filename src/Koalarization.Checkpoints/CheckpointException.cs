namespace Koalarization.Checkpoints;

/// <summary>A checkpoint that cannot be found, fetched or read. The message is one sentence for the user.</summary>
public sealed class CheckpointException : IOException
{
    /// <summary>States one failed check.</summary>
    /// <param name="check">Which check failed.</param>
    /// <param name="file">The file, folder or URL that it is about.</param>
    /// <param name="offset">The byte in the file where it shows, if there is one.</param>
    /// <param name="fault">What is wrong, without the file's name and without a full stop.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public CheckpointException(CheckpointCheck check, string file, long? offset, string fault, Exception? innerException = null)
        : base(offset is null ? $"{file}: {fault}." : $"{file}, byte {offset}: {fault}.", innerException)
    {
        Check = check;
        File = file;
        Offset = offset;
        Fault = fault;
    }

    /// <summary>Which check failed.</summary>
    public CheckpointCheck Check { get; }

    /// <summary>The file, folder or URL that it is about.</summary>
    public string File { get; }

    /// <summary>The byte in <see cref="File"/> where it shows; null when no single byte does.</summary>
    public long? Offset { get; }

    /// <summary>What is wrong, without the file's name and without a full stop.</summary>
    public string Fault { get; }
}
