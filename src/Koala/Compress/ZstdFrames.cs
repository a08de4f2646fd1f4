using System.Buffers.Binary;
using ZstdSharp;

namespace Koalarization.Koala.Compress;

/// <summary>Decompresses a zstd file, and reports damage as <see cref="InvalidDataException"/>, as the TFRecord reader expects.</summary>
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

    /// <summary>Whether a file begins as a zstd file. A plain TFRecord never does: as the length of its first record these bytes would mean 4 GB.</summary>
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
            throw new InvalidDataException($"{path}: the zstd stream is damaged, truncated, or followed by other bytes.", exception);
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
