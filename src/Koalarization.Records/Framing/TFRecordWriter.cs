using System.IO.Compression;
using Koalarization.Records.Compression;

namespace Koalarization.Records.Framing;

/// <summary>
/// Writes records one after the other: length, its checksum, data, its checksum (TensorFlow, <c>core/lib/io/record_writer.h</c>).
/// The same records give the same bytes. Not thread-safe.
/// </summary>
/// <remarks>
/// A file is finished by <see cref="Complete"/> alone. <see cref="Dispose"/> without it drops what is buffered, so that a file that was
/// abandoned half-way is seldom a shorter good one: publish it only after <see cref="Complete"/>. After a failed write the writer
/// refuses everything else.
/// </remarks>
public sealed class TFRecordWriter : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly Compressor _compressor;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private State _state;

    /// <summary>Writes to <paramref name="stream"/>, from its current position.</summary>
    /// <param name="stream">A stream that can be written; a file is best opened without a buffer of its own.</param>
    /// <param name="compression">How the whole file is compressed.</param>
    /// <param name="level">How hard gzip and zlib try.</param>
    /// <param name="leaveOpen">Whether <paramref name="stream"/> outlives the writer.</param>
    public TFRecordWriter(
        Stream stream,
        RecordCompression compression = RecordCompression.None,
        CompressionLevel level = CompressionLevel.Optimal,
        bool leaveOpen = true)
        : this(stream, leaveOpen, new Compressor(stream, compression, level))
    {
    }

    /// <summary>Writes to <paramref name="stream"/>, from its current position, with zlib's own options.</summary>
    /// <param name="stream">A stream that can be written; a file is best opened without a buffer of its own.</param>
    /// <param name="compression">How the whole file is compressed.</param>
    /// <param name="options">How hard gzip and zlib try, as zlib numbers it: 1 to 9.</param>
    /// <param name="leaveOpen">Whether <paramref name="stream"/> outlives the writer.</param>
    public TFRecordWriter(Stream stream, RecordCompression compression, ZLibCompressionOptions options, bool leaveOpen = true)
        : this(stream, leaveOpen, new Compressor(stream, compression, options))
    {
    }

    private TFRecordWriter(Stream stream, bool leaveOpen, Compressor compressor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _leaveOpen = leaveOpen;
        _compressor = compressor;
    }

    private enum State
    {
        Open,
        Completed,
        Failed,
        Disposed,
    }

    /// <summary>How many records were appended.</summary>
    public long Records { get; private set; }

    /// <summary>The length of the file before compression.</summary>
    public long UncompressedBytes { get; private set; }

    /// <summary>Appends one record. Its bytes are free again when this returns.</summary>
    /// <exception cref="IOException">The stream could not be written; the file is of no use.</exception>
    public void Append(ReadOnlySpan<byte> data)
    {
        BeginWriting();
        Span<byte> header = stackalloc byte[TFRecordFrame.HeaderBytes];
        Span<byte> footer = stackalloc byte[TFRecordFrame.FooterBytes];
        TFRecordFrame.WriteHeader(header, (ulong)data.Length);
        TFRecordFrame.WriteFooter(footer, data);
        Put(header);
        Put(data);
        Put(footer);
        Records++;
        UncompressedBytes += header.Length + (long)data.Length + footer.Length;
        _state = State.Open;
    }

    /// <summary>Hands everything appended so far to the stream and flushes that. Compresses a little worse when called often.</summary>
    public void Flush()
    {
        BeginWriting();
        Spill();
        _compressor.Flush();
        _state = State.Open;
    }

    /// <summary>Ends the file: buffered bytes, the compression's trailer, a flush of the stream. Making it durable is the owner's.</summary>
    public void Complete()
    {
        BeginWriting();
        Spill();
        _compressor.Complete();
        _state = State.Completed;
    }

    /// <summary>Releases the stream; see the remarks.</summary>
    public void Dispose()
    {
        _state = State.Disposed;
        if (!_leaveOpen)
        {
            _stream.Dispose();
        }
    }

    // Until the write is through, the state says that it failed.
    private void BeginWriting()
    {
        ObjectDisposedException.ThrowIf(_state == State.Disposed, this);
        if (_state != State.Open)
        {
            throw new InvalidOperationException(
                _state == State.Completed ? "The TFRecord file is complete already." : "An earlier write to the TFRecord file failed.");
        }

        _state = State.Failed;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _buffered)
        {
            Spill();
        }

        if (bytes.Length > _buffer.Length)
        {
            _compressor.Write(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += bytes.Length;
    }

    private void Spill()
    {
        _compressor.Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }
}
