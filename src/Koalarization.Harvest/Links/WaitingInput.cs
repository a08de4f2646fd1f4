namespace Koalarization.Harvest.Links;

/// <summary>Standard input: a read of it ends when it is cancelled, even where no input ever comes. The thread that waits for input is left behind.</summary>
internal sealed class WaitingInput(Stream input) : Stream
{
    private const int MaxRead = 1 << 16;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // Into bytes of its own: the caller's may be in other use when the input comes at last.
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[Math.Min(buffer.Length, MaxRead)];
        int read = await Task.Run(() => input.Read(bytes), CancellationToken.None).WaitAsync(cancellationToken);
        bytes.AsMemory(0, read).CopyTo(buffer);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => input.Read(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
