using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// A connection for HTTP/1.1 on which more than one request is made, as a harvester needs it:
/// <list type="bullet">
/// <item>Headers are read as browsers read them (<see cref="HeaderFilter"/>).</item>
/// <item>
/// When the server closes it before the first byte of an answer that is not its first, it says nothing of the link: it had closed the connection when the
/// request was on its way. A <see cref="StaleConnectionException"/> lets the request go out again on a fresh connection.
/// </item>
/// <item>
/// The same where a server has sent more than its answer. The next request would take that for its own answer, and a link would get another one's picture:
/// the HTTP stack reuses a connection without looking.
/// </item>
/// </list>
/// </summary>
/// <remarks>
/// What comes after the next request has gone out cannot be distinguished from its answer. Inside TLS only what was read with the answer is seen.
/// </remarks>
/// <param name="connection">The connection, or TLS over it.</param>
/// <param name="maxHeaderBytes">The largest beginning of an answer.</param>
internal sealed class Http1Stream(Stream connection, int maxHeaderBytes) : Stream
{
    private readonly HeaderFilter _filter = new(maxHeaderBytes);
    private int _requests;
    private bool _isAnswering;
    private bool _hasAnswer;
    private volatile bool _isOutOfStep;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool MayBeStale => _requests > 1 && !_hasAnswer;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A read of no bytes waits on an idle connection: no answer is being read by it.
        if (buffer.Length == 0)
        {
            return _filter.HasBytes ? ValueTask.FromResult(0) : WaitAsync(cancellationToken);
        }

        _isAnswering = true;
        return _hasAnswer && _filter.IsIdle ? ReadRestAsync(buffer, cancellationToken) : ReadBeginningAsync(buffer, cancellationToken);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BeginRequest();
        if (_isOutOfStep)
        {
            throw new StaleConnectionException(cause: null);
        }

        try
        {
            await connection.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException e) when (MayBeStale)
        {
            throw new StaleConnectionException(e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

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

    private async ValueTask<int> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ReadAsync(Memory<byte>.Empty, cancellationToken);
        }
        catch (IOException e) when (MayBeStale)
        {
            throw new StaleConnectionException(e);
        }
    }

    // A body, or on an idle connection its end, which the next request must not take for its own.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadRestAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = 0;
        try
        {
            read = await connection.ReadAsync(buffer, cancellationToken);
            if (!MayBeStale)
            {
                return read;
            }

            if (read == 0)
            {
                throw new StaleConnectionException(cause: null);
            }

            // The stack began to read before the request went out: what came is the beginning of its answer.
            _hasAnswer = true;
            _filter.Add(buffer.Span[..read]);
            return await ReadBeginningAsync(buffer, cancellationToken);
        }
        catch (IOException e) when (MayBeStale && e is not StaleConnectionException)
        {
            throw new StaleConnectionException(e);
        }
        finally
        {
            _isOutOfStep |= read == 0;
        }
    }

    private async ValueTask<int> ReadBeginningAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!_filter.HasOutput)
        {
            int read;
            try
            {
                read = await connection.ReadAsync(_filter.Space(), cancellationToken);
            }
            catch (IOException e) when (MayBeStale)
            {
                throw new StaleConnectionException(e);
            }

            if (read == 0 && MayBeStale)
            {
                throw new StaleConnectionException(cause: null);
            }

            _hasAnswer |= read > 0;
            _filter.Received(read);
            if (read == 0)
            {
                break;
            }
        }

        return _filter.Take(buffer.Span);
    }

    // The first bytes written after an answer was read are the next request's.
    private void BeginRequest()
    {
        if (_requests > 0 && !_isAnswering)
        {
            return;
        }

        _isOutOfStep |= _requests > 0 && (_filter.HasBytes || connection is NetworkStream { Socket.Available: > 0 });
        _requests++;
        (_isAnswering, _hasAnswer) = (false, false);
        _filter.Begin();
    }
}

/// <summary>
/// A connection that was used before ended before the first byte of an answer. Travels through the HTTP stack, never out of this library.
/// </summary>
internal sealed class StaleConnectionException(Exception? cause) : IOException("The connection had ended before the request.", cause);
