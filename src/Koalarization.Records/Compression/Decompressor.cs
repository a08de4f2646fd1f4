using System.Buffers.Binary;
using System.IO.Compression;

namespace Koalarization.Records.Compression;

/// <summary>Unpacks one gzip member or zlib stream and holds it to its trailer: nothing missing, nothing after it.</summary>
internal sealed class Decompressor : IDisposable
{
    // Header, an empty deflate block and the trailer.
    private const int SmallestGzipBytes = 20;
    private const int SmallestZlibBytes = 8;

    private readonly RecordCompression _compression;
    private readonly CompressedInput _input;
    private readonly Stream _unpacker;
    private long _bytes;
    private uint _adler = Adler32.Empty;

    public Decompressor(RecordCompression compression, CompressedInput input)
    {
        _compression = compression;
        _input = input;
        _unpacker = compression == RecordCompression.Gzip
            ? new GZipStream(input, CompressionMode.Decompress)
            : new ZLibStream(input, CompressionMode.Decompress);
    }

    /// <summary>Reads some bytes, none at the end.</summary>
    /// <exception cref="InvalidDataException">The stream is damaged, cut off or followed by other bytes.</exception>
    public int Read(Span<byte> destination)
    {
        int read = Unpack(destination);
        if (read == 0)
        {
            CheckEnd();
            return 0;
        }

        _bytes += read;
        if (_compression == RecordCompression.Zlib)
        {
            _adler = Adler32.Append(_adler, destination[..read]);
        }

        return read;
    }

    public void Dispose() => _unpacker.Dispose();

    private int Unpack(Span<byte> destination)
    {
        try
        {
            return _unpacker.Read(destination);
        }
        catch (IOException unexpected) when (!_input.HasFailed)
        {
            // The exception of a zlib stream that wants a dictionary is an IOException whose type .NET keeps to itself.
            throw new InvalidDataException(unexpected.Message, unexpected);
        }
    }

    private void CheckEnd()
    {
        bool isWhole = _compression == RecordCompression.Gzip
            ? _input.BytesRead >= SmallestGzipBytes && BinaryPrimitives.ReadUInt32LittleEndian(_input.End) == (uint)_bytes
            : _input.BytesRead >= SmallestZlibBytes && BinaryPrimitives.ReadUInt32BigEndian(_input.End) == _adler;
        if (!isWhole || !_input.IsAtEnd())
        {
            throw new InvalidDataException("The stream does not end with its own trailer.");
        }
    }
}

/// <summary>The checksum at the end of a zlib stream (RFC 1950, section 8).</summary>
internal static class Adler32
{
    public const uint Empty = 1;

    private const uint Modulus = 65521;

    // The longest run whose sums stay below 2^32.
    private const int RunBytes = 5552;

    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        uint low = checksum & 0xFFFF;
        uint high = checksum >> 16;
        while (!data.IsEmpty)
        {
            int run = Math.Min(data.Length, RunBytes);
            foreach (byte value in data[..run])
            {
                low += value;
                high += low;
            }

            low %= Modulus;
            high %= Modulus;
            data = data[run..];
        }

        return (high << 16) | low;
    }
}
