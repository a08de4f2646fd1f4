namespace Koalarization.Records.Compression;

/// <summary>
/// A compressed file as its decompressor reads it: the bytes already taken from the stream, then the rest. It remembers the last
/// four bytes, because a decompressor of .NET is content when a trailer is missing or when anything follows it.
/// </summary>
internal sealed class CompressedInput(byte[] head, Stream rest) : Stream
{
    private const int EndBytes = 4;

    private readonly byte[] _end = new byte[EndBytes];
    private int _headTaken;

    public long BytesRead { get; private set; }

    /// <summary>Whether the file itself could not be read.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The last four bytes read, in file order.</summary>
    public ReadOnlySpan<byte> End => _end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read = Math.Min(head.Length - _headTaken, buffer.Length);
        if (read > 0)
        {
            head.AsSpan(_headTaken, read).CopyTo(buffer);
            _headTaken += read;
        }
        else
        {
            HasFailed = true;
            read = rest.Read(buffer);
            HasFailed = false;
        }

        BytesRead += read;
        Remember(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Whether nothing is left to read.</summary>
    public bool IsAtEnd()
    {
        Span<byte> next = stackalloc byte[1];
        return Read(next) == 0;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        int kept = Math.Max(EndBytes - bytes.Length, 0);
        _end.AsSpan(EndBytes - kept).CopyTo(_end);
        bytes[Math.Max(bytes.Length - EndBytes, 0)..].CopyTo(_end.AsSpan(kept));
    }
}
