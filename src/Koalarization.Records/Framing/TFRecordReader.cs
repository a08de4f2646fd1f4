using System.Numerics;
using Koalarization.Records.Compression;

namespace Koalarization.Records.Framing;

/// <summary>
/// Reads the records of one file in order and checks both checksums of each (TensorFlow, <c>core/lib/io/record_reader.h</c>).
/// Memory grows with the bytes that are really there, never with a length that a damaged file claims. A compressed file is one gzip
/// member or one zlib stream; another behind it is an error, said after the first one's records. Not thread-safe.
/// </summary>
public sealed class TFRecordReader : IDisposable
{
    /// <summary>The longest record accepted by default: 256 MiB.</summary>
    public const int DefaultMaxRecordBytes = 256 << 20;

    private const int FirstBufferBytes = 64 * 1024;
    private const int TrustedBytes = 2 << 20;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly int _maxRecordBytes;
    private readonly Decompressor? _decompressor;
    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;
    private int _end;
    private TFRecordException? _damage;

    /// <summary>Reads from <paramref name="stream"/>, from its current position to its end.</summary>
    /// <param name="stream">A stream that can be read; it need not seek.</param>
    /// <param name="file">What errors call the stream.</param>
    /// <param name="compression">How it is compressed; null to see it from the first bytes.</param>
    /// <param name="maxRecordBytes">Longer records are refused, up to 1 GiB.</param>
    /// <param name="leaveOpen">Whether <paramref name="stream"/> outlives the reader.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public TFRecordReader(
        Stream stream,
        string file,
        RecordCompression? compression = null,
        int maxRecordBytes = DefaultMaxRecordBytes,
        bool leaveOpen = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRecordBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxRecordBytes, 1 << 30);
        _stream = stream;
        File = file;
        _maxRecordBytes = maxRecordBytes;
        _leaveOpen = leaveOpen;
        Compression = compression ?? DetectCompression();
        if (Compression != RecordCompression.None)
        {
            byte[] head = _buffer.AsSpan(_start, _end).ToArray();
            _end = 0;
            _decompressor = new Decompressor(Compression, new CompressedInput(head, stream));
        }
    }

    /// <summary>The file's path, or the name given for the stream.</summary>
    public string File { get; }

    /// <summary>How the file is compressed.</summary>
    public RecordCompression Compression { get; }

    /// <summary>Where the next record begins, in bytes of the uncompressed file.</summary>
    public long Offset { get; private set; }

    /// <summary>How many records were read.</summary>
    public long Records { get; private set; }

    /// <summary>Opens the file at <paramref name="path"/>.</summary>
    /// <param name="path">The file; errors name it as given here.</param>
    /// <param name="compression">How it is compressed; null to see it from the first bytes.</param>
    /// <param name="maxRecordBytes">Longer records are refused, up to 1 GiB.</param>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static TFRecordReader Open(
        string path, RecordCompression? compression = null, int maxRecordBytes = DefaultMaxRecordBytes)
    {
        // The reader has a buffer of its own.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            return new TFRecordReader(stream, path, compression, maxRecordBytes, leaveOpen: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next record; false at the file's end.</summary>
    /// <param name="record">The record's data, which the next call overwrites.</param>
    /// <exception cref="TFRecordException">The file is damaged here. Every further call says the same.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> record)
    {
        if (_damage is not null)
        {
            throw _damage;
        }

        if (!TryFill(TFRecordFrame.HeaderBytes))
        {
            if (_end > _start)
            {
                throw Damage(TFRecordCheck.TruncatedHeader, $"the file ends {_end - _start} bytes into the record's 12-byte header");
            }

            record = default;
            return false;
        }

        int dataBytes = ReadHeader(_buffer.AsSpan(_start, TFRecordFrame.HeaderBytes));
        int frameBytes = TFRecordFrame.HeaderBytes + dataBytes + TFRecordFrame.FooterBytes;
        if (!TryFill(frameBytes))
        {
            throw Damage(TFRecordCheck.TruncatedData, $"the file ends {_end - _start} bytes into the record's {frameBytes}");
        }

        ReadOnlyMemory<byte> data = _buffer.AsMemory(_start + TFRecordFrame.HeaderBytes, dataBytes);
        if (!TFRecordFrame.FooterMatches(_buffer.AsSpan(_start + TFRecordFrame.HeaderBytes + dataBytes), data.Span))
        {
            throw Damage(TFRecordCheck.DataCrc, "the data does not have its checksum");
        }

        _start += frameBytes;
        Offset += frameBytes;
        Records++;
        record = data;
        return true;
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose()
    {
        _decompressor?.Dispose();
        if (!_leaveOpen)
        {
            _stream.Dispose();
        }
    }

    private RecordCompression DetectCompression()
    {
        TryFill(TFRecordFrame.HeaderBytes);
        return CompressionSignature.Detect(_buffer.AsSpan(_start, Math.Min(_end, TFRecordFrame.HeaderBytes)));
    }

    private int ReadHeader(ReadOnlySpan<byte> header)
    {
        if (!TFRecordFrame.TryReadHeader(header, out ulong dataBytes))
        {
            throw Damage(TFRecordCheck.LengthCrc, Offset == 0
                ? "it is no TFRecord file, or its beginning is damaged (the length does not have its checksum)"
                : "the length does not have its checksum");
        }

        if (dataBytes > (ulong)_maxRecordBytes)
        {
            throw Damage(TFRecordCheck.LengthTooLarge, $"the length of {dataBytes} bytes is above the limit of {_maxRecordBytes}");
        }

        return (int)dataBytes;
    }

    // Holds the next count bytes together in the buffer; false when the file ends before them.
    private bool TryFill(int count)
    {
        while (_end - _start < count)
        {
            bool isCramped = count > _buffer.Length - _start;
            if (isCramped && (_start > 0 || _end == _buffer.Length || count <= TrustedBytes))
            {
                MakeRoom(count);
            }

            // Of large records no more than the next header is read ahead: what is ahead would have to be moved to the front.
            int wanted = Math.Max(count + TFRecordFrame.HeaderBytes, FirstBufferBytes) - (_end - _start);
            int read = Read(_buffer.AsSpan(_end, Math.Min(wanted, _buffer.Length - _end)));
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    // Up to a few megabytes are taken on the header's word; a longer record's buffer doubles when it is full of the record's bytes.
    private void MakeRoom(int count)
    {
        int held = _end - _start;
        long size = _buffer.Length;
        if (count <= TrustedBytes)
        {
            size = Math.Max(size, BitOperations.RoundUpToPowerOf2((uint)(count + TFRecordFrame.HeaderBytes)));
        }
        else if (held == size)
        {
            size = Math.Min(2 * size, Array.MaxLength);
        }

        byte[] target = size > _buffer.Length ? new byte[size] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, held);
        _buffer = target;
        _start = 0;
        _end = held;
    }

    private int Read(Span<byte> destination)
    {
        if (_decompressor is null)
        {
            return _stream.Read(destination);
        }

        try
        {
            return _decompressor.Read(destination);
        }
        catch (InvalidDataException damage)
        {
            throw Damage(
                TFRecordCheck.Compression,
                $"the {(Compression == RecordCompression.Gzip ? "gzip" : "zlib")} stream is damaged, cut off, or followed by other bytes",
                damage);
        }
    }

    private TFRecordException Damage(TFRecordCheck check, string problem, Exception? cause = null) =>
        _damage = new TFRecordException(File, Offset, check, problem, cause);
}
