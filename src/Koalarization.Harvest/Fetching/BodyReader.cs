using System.Buffers;

namespace Koalarization.Harvest;

/// <summary>Reads a body into a rented buffer that grows with what really comes, not with what was announced.</summary>
internal static class BodyReader
{
    private const int FirstBytes = 1 << 16;

    /// <summary>The whole body; null when it is larger than <paramref name="maxBytes"/>.</summary>
    public static async ValueTask<PictureBody?> ReadAsync(
        Stream stream, long? announced, int maxBytes, StallWatch watch, CancellationToken cancellationToken)
    {
        // One byte more than announced, or than allowed, shows the end, or the excess, without another buffer.
        int first = (int)Math.Clamp((announced ?? FirstBytes) + 1, 1, FirstBytes * 4L);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(first, maxBytes + 1));
        int length = 0;
        try
        {
            while (true)
            {
                int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                {
                    var body = new PictureBody(buffer, length);
                    buffer = null!;
                    return body;
                }

                watch.Received(read);
                length += read;
                if (length > maxBytes)
                {
                    return null;
                }

                if (length == buffer.Length)
                {
                    buffer = Grown(buffer, length, maxBytes);
                }
            }
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static byte[] Grown(byte[] buffer, int length, int maxBytes)
    {
        byte[] grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(length * 2L, maxBytes + 1L));
        buffer.AsSpan(0, length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(buffer);
        return grown;
    }
}
