using System.Net.Sockets;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// A connection for HTTP/1.1 that ends where a server has sent more than its answer. The next request on it would take what
/// takes it for its own answer, and a link would get another one's picture: the HTTP stack reuses a connection without
/// looking. To that request the connection looks closed, so that it goes out again on a fresh one.
/// </summary>
/// <remarks>What comes after the next request has gone out cannot be distinguished from its answer.</remarks>
internal sealed class InStepStream(NetworkStream connection) : Stream
{
    private bool _isAnswering;
    private bool _isOutOfStep;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A read of no bytes waits on an idle connection: no answer is being read by it.
        _isAnswering |= buffer.Length > 0;
        return _isOutOfStep ? ValueTask.FromResult(0) : connection.ReadAsync(buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BeginRequest();
        return _isOutOfStep ? ValueTask.CompletedTask : connection.WriteAsync(buffer, cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    // The first bytes written after an answer was read are the next request's.
    private void BeginRequest()
    {
        if (_isAnswering)
        {
            _isAnswering = false;
            _isOutOfStep |= connection.Socket.Available > 0;
        }
    }
}
