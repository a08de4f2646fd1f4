using System.Buffers.Binary;
using ZstdSharp;

namespace Koalarization.Koala.Compress;

/// <summary>Reads what zstd packed, and says of damage what a reader of TFRecords understands: <see cref="InvalidDataException"/>.</summary>
internal sealed class ZstdFrames(string path, Stream packed) : Stream
{
    private const uint Magic = 0xFD2FB528;

    private readonly DecompressionStream _unpacker = new(packed, checkEndOfStream: true, leaveOpen: false);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a file begins as zstd's do. As the length of a plain TFRecord's first record the same bytes would mean 4 GB, more than is ever read.</summary>
    public static bool Begin(Stream file)
    {
        Span<byte> head = stackalloc byte[sizeof(uint)];
        int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == head.Length && BinaryPrimitives.ReadUInt32LittleEndian(head) == Magic;
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _unpacker.Read(buffer);
        }
        catch (Exception exception) when (exception is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"{path}: the zstd stream is damaged, cut off, or followed by other bytes.", exception);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacker.Dispose();
        }

        base.Dispose(disposing);
    }
}
