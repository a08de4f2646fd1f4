namespace Koalarization.Checkpoints.Sources;

/// <summary>A stream of an archive's unpacked bytes that gives no more than was allowed, so that no lie in it costs more.</summary>
internal sealed class BoundedStream : Stream
{
    private readonly Stream _inner;
    private readonly CheckpointException _tooMuch;
    private long _allowed;

    public BoundedStream(Stream inner, CheckpointException tooMuch)
    {
        _inner = inner;
        _tooMuch = tooMuch;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Allows so many bytes from here on, and no more of what was allowed before.</summary>
    public void AllowNext(long bytes) => _allowed = bytes;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_allowed == 0 && !buffer.IsEmpty)
        {
            throw _tooMuch;
        }

        int read = _inner.Read(buffer[..(int)Math.Min(buffer.Length, _allowed)]);
        _allowed -= read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
