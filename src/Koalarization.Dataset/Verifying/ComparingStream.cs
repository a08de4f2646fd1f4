namespace Koalarization.Dataset.Verifying;

/// <summary>Compares what is written to it with a file, and keeps nothing.</summary>
internal sealed class ComparingStream(Stream file) : Stream
{
    private readonly byte[] _buffer = new byte[1 << 16];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool HasDiffered { get; set; }

    /// <summary>Whether what was written is the file, and all of it.</summary>
    public bool IsTheSame() => !HasDiffered && file.ReadByte() < 0;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!HasDiffered && !buffer.IsEmpty)
        {
            int count = Math.Min(buffer.Length, _buffer.Length);
            int read = file.ReadAtLeast(_buffer.AsSpan(0, count), count, throwOnEndOfStream: false);
            HasDiffered = !_buffer.AsSpan(0, read).SequenceEqual(buffer[..count]);
            buffer = buffer[count..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
