using System.Buffers;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// A body in a rented buffer. Its owner disposes it once, after its last use of <see cref="Memory"/>, and does not wait for other bodies
/// meanwhile: they may be waiting for its memory (<see cref="FetchOptions.MaxBodyBytesInFlight"/>).
/// </summary>
public sealed class PictureBody : IDisposable
{
    private byte[]? _buffer;
    private readonly int _length;
    private readonly BodyShare? _share;

    internal PictureBody(byte[] rented, int length, BodyShare? share = null)
    {
        _buffer = rented;
        _length = length;
        _share = share;
    }

    /// <summary>The bytes as received, transfer and content encodings undone.</summary>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(0, _length);
        }
    }

    /// <summary>Gives the buffer, and its share of the memory for bodies, back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _share?.Dispose();
        }
    }
}
