namespace Koalarization.Checkpoints.Binary;

/// <summary>The bytes of one file, in memory or mapped. Safe for reading from several threads.</summary>
internal abstract class ByteSource : IDisposable
{
    protected ByteSource(string file, long length)
    {
        File = file;
        Length = length;
    }

    /// <summary>The name that errors give.</summary>
    public string File { get; }

    public long Length { get; }

    /// <summary>Keeps the bytes readable until the result is disposed, even when this is disposed meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">This is disposed already.</exception>
    public abstract Hold KeepReadable();

    /// <summary>A view of the bytes, valid while a <see cref="Hold"/> is.</summary>
    /// <exception cref="CheckpointException">The range does not lie inside the file.</exception>
    public ReadOnlySpan<byte> Slice(long offset, long length)
    {
        if (offset < 0 || length < 0 || length > Length || offset > Length - length)
        {
            throw new CheckpointException(
                CheckpointCheck.Truncated, File, Length, $"the file ends here, and {length} bytes from byte {offset} were expected");
        }

        if (length > int.MaxValue)
        {
            throw new CheckpointException(CheckpointCheck.Unsupported, File, offset, $"a range of {length} bytes is over the limit of 2 GB");
        }

        return View(offset, (int)length);
    }

    public abstract void Dispose();

    protected abstract ReadOnlySpan<byte> View(long offset, int length);

    /// <summary>Keeps a source's bytes readable.</summary>
    internal readonly struct Hold : IDisposable
    {
        private readonly System.Runtime.InteropServices.SafeHandle? _handle;

        public Hold(System.Runtime.InteropServices.SafeHandle? handle)
        {
            bool added = false;
            handle?.DangerousAddRef(ref added);
            _handle = handle;
        }

        public void Dispose() => _handle?.DangerousRelease();
    }
}
