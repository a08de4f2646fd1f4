using System.Buffers;
using System.Numerics;

namespace Koalarization.Harvest.Fetching;

/// <summary>Reads a body into a rented buffer that grows with what really comes, not with what was announced, and as the budget allows.</summary>
/// <param name="share">What the body takes of the budget.</param>
/// <param name="maxBytes">The largest body.</param>
/// <param name="watch">Watches its rate.</param>
/// <param name="deadlines">The try's deadlines.</param>
/// <param name="isLastTry">Whether a picture is kept that is whole where its answer breaks off: before the last try, another may come whole.</param>
internal sealed class BodyReader(BodyShare share, int maxBytes, StallWatch watch, FetchDeadlines deadlines, bool isLastTry)
{
    private const int FirstBytes = 1 << 16;
    private const int SmallestBuffer = 16;

    /// <summary>Why the answer broke off behind a whole picture; null: it did not.</summary>
    public Exception? BrokenOff { get; private set; }

    /// <summary>The whole body; null when it is larger than allowed. With a body goes its share of the budget.</summary>
    public async ValueTask<PictureBody?> ReadAsync(Stream stream, long? announced, CancellationToken cancellationToken)
    {
        // One byte more than announced, or than allowed, shows the end, or the excess, without another buffer.
        int first = (int)Math.Clamp((announced ?? FirstBytes) + 1, 1, FirstBytes * 4L);
        byte[]? buffer = await RentAsync(Math.Min(first, maxBytes + 1L), cancellationToken);
        int length = 0;
        try
        {
            while (true)
            {
                int read = await ReadAsync(stream, buffer, length, cancellationToken);
                if (read == 0)
                {
                    var body = new PictureBody(buffer, length, share);
                    buffer = null;
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
                    byte[] grown = await RentAsync(Math.Min(length * 2L, maxBytes + 1L), cancellationToken);
                    buffer.AsSpan(0, length).CopyTo(grown);
                    ArrayPool<byte>.Shared.Return(buffer);
                    share.Return(SizeOf(buffer.Length));
                    buffer = grown;
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

    private async ValueTask<int> ReadAsync(Stream stream, byte[] buffer, int length, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
        }
        catch (Exception e) when (Forgives(e) && BodySignature.IsJpegToItsEnd(buffer.AsSpan(0, length)))
        {
            BrokenOff = e;
            return 0;
        }
    }

    // An encoding that does not unpack does not come better by another try.
    private bool Forgives(Exception e) => !deadlines.Token.IsCancellationRequested && e switch
    {
        InvalidDataException => true,
        IOException or HttpRequestException => isLastTry,
        OperationCanceledException => isLastTry && watch.Token.IsCancellationRequested,
        _ => false,
    };

    // The pool's buffers are powers of two: that is what a body really takes.
    private static int SizeOf(int bytes) => (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, SmallestBuffer)), int.MaxValue);

    private async ValueTask<byte[]> RentAsync(long wanted, CancellationToken cancellationToken)
    {
        int bytes = (int)Math.Min(wanted, Array.MaxLength);
        if (!share.TryTake(SizeOf(bytes)))
        {
            // It is not the server that is slow now.
            watch.Pause();
            deadlines.Pause();
            await share.TakeAsync(SizeOf(bytes), cancellationToken);
            deadlines.Resume();
            watch.Resume();
        }

        return ArrayPool<byte>.Shared.Rent(bytes);
    }
}
