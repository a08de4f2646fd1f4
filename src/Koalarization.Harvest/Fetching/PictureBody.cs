using System.Buffers;

namespace Koalarization.Harvest;

/// <summary>A body in a rented buffer. Whoever holds it disposes it once, after its last look at <see cref="Memory"/>.</summary>
public sealed class PictureBody : IDisposable
{
    private byte[]? _buffer;
    private readonly int _length;

    internal PictureBody(byte[] rented, int length)
    {
        _buffer = rented;
        _length = length;
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

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
