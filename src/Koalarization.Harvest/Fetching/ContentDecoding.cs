using System.IO.Compression;
using System.Net.Http.Headers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// Undoes the content encodings of an answer, one after the other, while the header names one and the bytes are no JPEG yet: some servers name an encoding that
/// they did not apply, or one twice.
/// </summary>
internal static class ContentDecoding
{
    /// <summary>What is asked for: what browsers have asked for longest.</summary>
    public const string Accepted = "gzip, deflate, br";

    /// <summary>Encodings that are undone of one answer; curl has the same limit.</summary>
    public const int MaxLayers = 5;

    /// <summary>The encodings that an answer names, as they were applied; those that are none (identity, utf-8) left out.</summary>
    public static IReadOnlyList<string> Of(HttpContentHeaders headers) =>
        headers.NonValidated.TryGetValues("Content-Encoding", out HeaderStringValues values)
            ? [.. values.SelectMany(value => value.Split(',')).Select(name => name.Trim().Trim('"').ToUpperInvariant()).Where(IsKnown)]
            : [];

    /// <summary>The body without its encodings.</summary>
    /// <param name="body">The body as it comes; disposed with the result.</param>
    /// <param name="encodings">Its encodings (<see cref="Of"/>).</param>
    /// <param name="maxBytes">The largest body; what an encoding hides may not be larger either.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<Stream> OpenAsync(Stream body, IReadOnlyList<string> encodings, int maxBytes, CancellationToken cancellationToken)
    {
        if (encodings.Count == 0)
        {
            return body;
        }

        if (encodings.Count > MaxLayers)
        {
            throw new InvalidDataException($"More than {MaxLayers} content encodings.");
        }

        PeekedStream peeked = await PeekedStream.OpenAsync(body, long.MaxValue, cancellationToken);
        for (int i = encodings.Count - 1; i >= 0 && !peeked.IsJpeg; i--)
        {
            if (Decoder(encodings[i], peeked) is { } decoder)
            {
                // One byte more than allowed shows the excess to the reader of the body.
                peeked = await PeekedStream.OpenAsync(decoder, maxBytes + 1L, cancellationToken);
            }
        }

        return peeked;
    }

    private static bool IsKnown(string name) => name is "GZIP" or "X-GZIP" or "DEFLATE" or "BR" or "ZSTD";

    /// <summary>Null: the bytes are not of this encoding.</summary>
    private static Stream? Decoder(string encoding, PeekedStream bytes) => encoding switch
    {
        "BR" => new BrotliStream(bytes, CompressionMode.Decompress),
        "ZSTD" => IsZstd(bytes.Head) ? ZstdStream(bytes) : null,
        "DEFLATE" when IsZlib(bytes.Head) => new ZLibStream(bytes, CompressionMode.Decompress),
        "DEFLATE" => new DeflateStream(bytes, CompressionMode.Decompress),
        _ when bytes.Head is [0x1F, 0x8B, ..] or [] => new GZipStream(bytes, CompressionMode.Decompress),
        _ => null,
    };

    // RFC 8878, section 3.1: a frame, or one to be passed over. Servers that keep a dictionary of their own send other bytes, which no other program can unpack.
    private static bool IsZstd(ReadOnlySpan<byte> head) => head is [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] or [];

    private static DecompressionStream ZstdStream(Stream bytes)
    {
        // RFC 9659, section 3: no larger window is to be expected of a server.
        const int MaxWindowBits = 23;
        var decompressor = new Decompressor();
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowBits);
        return new DecompressionStream(bytes, decompressor, preserveDecompressor: false, leaveOpen: false);
    }

    // RFC 1950, section 2.2. Some send deflate without it.
    private static bool IsZlib(ReadOnlySpan<byte> head) => head.Length >= 2 && (head[0] & 0x0F) == 8 && ((head[0] << 8) | head[1]) % 31 == 0;
}

/// <summary>A stream whose first bytes were looked at, and that ends after so many.</summary>
internal sealed class PeekedStream : Stream
{
    private const int HeadBytes = 4;

    private readonly Stream _inner;
    private readonly byte[] _head = new byte[HeadBytes];
    private long _left;
    private int _headBytes;
    private int _headGiven;

    private PeekedStream(Stream inner, long maxBytes)
    {
        _inner = inner;
        _left = maxBytes;
    }

    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headBytes);

    public bool IsJpeg => BodySignature.IsJpeg(Head);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static async ValueTask<PeekedStream> OpenAsync(Stream inner, long maxBytes, CancellationToken cancellationToken)
    {
        var stream = new PeekedStream(inner, maxBytes);
        while (stream._headBytes < HeadBytes && await stream.ReadInnerAsync(stream._head.AsMemory(stream._headBytes), cancellationToken) is var read and > 0)
        {
            stream._headBytes += read;
        }

        return stream;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int wanted = (int)Math.Min(buffer.Length, _left);
        if (wanted == 0)
        {
            return 0;
        }

        int read = Math.Min(_headBytes - _headGiven, wanted);
        if (read > 0)
        {
            _head.AsSpan(_headGiven, read).CopyTo(buffer.Span);
            _headGiven += read;
        }
        else
        {
            read = await ReadInnerAsync(buffer[..wanted], cancellationToken);
        }

        _left -= read;
        return read;
    }

    private async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException and not ObjectDisposedException or ZstdException or EndOfStreamException)
        {
            // What the decoders of Brotli and zstd say of bytes that are not theirs; those of gzip and deflate throw the other one.
            throw new InvalidDataException(e.Message, e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
