using System.Runtime.InteropServices;

namespace Koalarization.Koala.Lifetime;

/// <summary>Writes to a standard stream, unbuffered, and says what is wrong with it. Standard error that cannot be written is no fault of the work: only its closed pipe is reported.</summary>
internal sealed partial class StandardStream(int descriptor) : Stream
{
    private const int StandardError = 2;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const short CanBeWritten = 4;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint written = write(descriptor, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
            {
                // Whoever shares the descriptor has made it non-blocking.
                var wait = new Waiting(descriptor, CanBeWritten, 0);
                _ = poll(ref wait, 1, Timeout.Infinite);
            }
            else if (error != Interrupted)
            {
                var failure = new StandardStreamException(error);
                if (descriptor != StandardError || failure.IsClosedPipe)
                {
                    throw failure;
                }

                return;
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref Waiting waiting, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Waiting(int Descriptor, short Events, short Returned);
}
