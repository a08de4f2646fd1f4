using System.Buffers;

namespace Koalarization.Imaging.Pixels;

/// <summary>
/// Tightly packed 8-bit pixels in pooled memory: <c>[Height, Width, Channels]</c>, channels interleaved, no padding between rows.
/// Owned by the caller that rented it; not thread-safe.
/// </summary>
public sealed class Picture : IDisposable
{
    /// <summary>Bytes behind the last pixel that belong to the buffer, so that kernels may load whole vectors at a row's end.</summary>
    internal const int SlackBytes = 64;

    // Larger buffers are rare and would stay in the pool for good.
    private const int LargestPooledBytes = 16 << 20;

    private readonly PixelMemory? _memory;
    private readonly IDisposable? _room;
    private byte[]? _buffer;

    private Picture(PictureSize size, int channels, byte[]? buffer, PixelMemory? memory, IDisposable? room)
    {
        Size = size;
        Channels = channels;
        (_buffer, _memory, _room) = (buffer, memory, room);
    }

    /// <summary>Width and height in pixels, both at least 1.</summary>
    public PictureSize Size { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width => Size.Width;

    /// <summary>Rows.</summary>
    public int Height => Size.Height;

    /// <summary>Bytes of a pixel: 1 gray, 3 RGB, 4 CMYK as the JPEG stores it.</summary>
    public int Channels { get; }

    /// <summary>Bytes of a row.</summary>
    public int RowBytes => Width * Channels;

    /// <summary>All pixels, <c>Height * RowBytes</c> bytes; not cleared when rented.</summary>
    /// <exception cref="ObjectDisposedException">The picture was given back.</exception>
    public Span<byte> Pixels => Buffer[..(Height * RowBytes)];

    /// <summary>The pixels with <see cref="SlackBytes"/> readable bytes behind them.</summary>
    internal Span<byte> PixelsWithSlack => Buffer[..((Height * RowBytes) + SlackBytes)];

    private Span<byte> Buffer => _memory is not null ? _memory.Span : _buffer ?? throw new ObjectDisposedException(nameof(Picture));

    /// <summary>Whether the pixels of a picture of this size fit into one array (some 2 GB).</summary>
    public static bool CanHold(PictureSize size, int channels) => BytesOf(size.Width, size.Height, channels) <= Array.MaxLength;

    /// <summary>Takes a picture from the pool; its pixels hold whatever was there before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the pixels are more than an array holds.</exception>
    public static Picture Rent(int width, int height, int channels) => Rent(width, height, channels, room: null);

    /// <summary>The same, with the room in memory that decoding it took, which it gives back.</summary>
    internal static Picture Rent(int width, int height, int channels, IDisposable? room)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        long bytes = BytesOf(width, height, channels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Array.MaxLength, nameof(height));
        var size = new PictureSize(width, height);
        try
        {
            return bytes <= LargestPooledBytes
                ? new Picture(size, channels, ArrayPool<byte>.Shared.Rent((int)bytes), memory: null, room)
                : new Picture(size, channels, buffer: null, new PixelMemory((int)bytes), room);
        }
        catch (OutOfMemoryException)
        {
            room?.Dispose();
            throw;
        }
    }

    /// <summary>One row, <see cref="RowBytes"/> bytes.</summary>
    public Span<byte> Row(int y) => Pixels.Slice(y * RowBytes, RowBytes);

    /// <summary>Gives the pixels back; a second call does nothing.</summary>
    public void Dispose()
    {
        byte[]? buffer = _buffer;
        _buffer = null;
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _memory?.Dispose();
        _room?.Dispose();
    }

    private static long BytesOf(int width, int height, int channels) => ((long)width * height * channels) + SlackBytes;
}
