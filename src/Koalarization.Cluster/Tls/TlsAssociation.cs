using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Koalarization.Cluster.Tls;

/// <summary>A connection between two nodes, after its handshake.</summary>
internal sealed class TlsAssociation : AssociationHandle
{
    private const int LengthBytes = 4;
    private const int BytesPerWrite = 64 << 10;

    // What waits to be sent to a node that does not read; beyond it Akka keeps its messages, and tries again.
    private const int MaxWaitingBytes = 4 << 20;

    // How long the last frames have to leave.
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2);

    private readonly Socket _socket;
    private readonly SslStream _stream;
    private readonly int _maxFrameBytes;
    private readonly Action<TlsAssociation> _ended;
    private readonly Queue<ByteString> _frames = new();
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isComplete;
    private int _threads = 2;
    private long _waitingBytes;

    /// <param name="local">This node.</param>
    /// <param name="remote">The other one.</param>
    /// <param name="socket">The connection.</param>
    /// <param name="stream">Its encrypted stream.</param>
    /// <param name="maxFrameBytes">Bytes that a frame has at most.</param>
    /// <param name="ended">Called when the connection is closed.</param>
    public TlsAssociation(Address local, Address remote, Socket socket, SslStream stream, int maxFrameBytes, Action<TlsAssociation> ended)
        : base(local, remote) => (_socket, _stream, _maxFrameBytes, _ended) = (socket, stream, maxFrameBytes, ended);

    /// <summary>
    /// Begins to send and to receive; what comes in waits until someone listens. Both have a thread of their own: a disk that stalls may hold up all of .NET's pool,
    /// and heartbeats must not wait for it.
    /// </summary>
    public void Start()
    {
        new Thread(() => Run(Send)) { IsBackground = true, Name = "tls-send" }.Start();
        new Thread(() => Run(Receive)) { IsBackground = true, Name = "tls-receive" }.Start();
    }

    /// <inheritdoc/>
    public override bool Write(ByteString payload)
    {
        lock (_frames)
        {
            if (_isComplete || _waitingBytes > MaxWaitingBytes)
            {
                return false;
            }

            _waitingBytes += payload.Length;
            _frames.Enqueue(payload);
            Monitor.Pulse(_frames);
            return true;
        }
    }

    /// <inheritdoc/>
    [Obsolete("Akka's base class has it.")]
    public override void Disassociate() => _ = EndAsync();

    /// <summary>Sends what waits, then closes the connection.</summary>
    public async Task EndAsync()
    {
        _ending.TrySetResult();
        Complete();
        try
        {
            await _closed.Task.WaitAsync(EndTimeout);
        }
        catch (TimeoutException)
        {
            _socket.Dispose();
        }
    }

    // One connection is one thing, whatever addresses others have.
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    private void Run(Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever the other end sends ends this connection and nothing else.
            _socket.Dispose();
        }
        finally
        {
            Complete();
            if (Interlocked.Decrement(ref _threads) == 0)
            {
                _stream.Dispose();
                _ended(this);
                _closed.SetResult();
            }
        }
    }

    // Nothing more is taken; what waits is still sent.
    private void Complete()
    {
        lock (_frames)
        {
            _isComplete = true;
            Monitor.Pulse(_frames);
        }
    }

    private ByteString? Next(bool waits)
    {
        lock (_frames)
        {
            while (waits && _frames.Count == 0 && !_isComplete)
            {
                Monitor.Wait(_frames);
            }

            if (!_frames.TryDequeue(out ByteString? frame))
            {
                return null;
            }

            _waitingBytes -= frame.Length;
            return frame;
        }
    }

    private void Send()
    {
        byte[] buffer = new byte[BytesPerWrite];
        while (Next(waits: true) is ByteString first)
        {
            int used = 0;
            for (ByteString? frame = first; frame is not null; frame = Next(waits: false))
            {
                int bytes = LengthBytes + frame.Length;
                if (used + bytes > buffer.Length)
                {
                    _stream.Write(buffer.AsSpan(0, used));
                    used = 0;
                    Array.Resize(ref buffer, Math.Max(buffer.Length, bytes));
                }

                BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(used), frame.Length);
                frame.Span.CopyTo(buffer.AsSpan(used + LengthBytes));
                used += bytes;
            }

            _stream.Write(buffer.AsSpan(0, used));
        }

        // The other end reads to the end of the stream: a connection that is closed at once may lose its last frames.
        _socket.Shutdown(SocketShutdown.Send);
    }

    private void Receive()
    {
        if (Task.WaitAny(ReadHandlerSource.Task, _ending.Task) != 0)
        {
            return;
        }

        IHandleEventListener listener = ReadHandlerSource.Task.Result;
        try
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            while (_stream.ReadAtLeast(length, LengthBytes, throwOnEndOfStream: false) == LengthBytes)
            {
                int bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
                if (bytes <= 0 || bytes > _maxFrameBytes)
                {
                    throw new IOException($"A frame has {bytes} bytes.");
                }

                byte[] frame = GC.AllocateUninitializedArray<byte>(bytes);
                _stream.ReadExactly(frame);
                if (!_ending.Task.IsCompleted)
                {
                    listener.Notify(new InboundPayload(UnsafeByteOperations.UnsafeWrap(frame)));
                }
            }
        }
        finally
        {
            listener.Notify(new Disassociated(DisassociateInfo.Unknown));
        }
    }
}
