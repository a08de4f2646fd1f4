using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Koalarization.Hostile.Serving;

/// <summary>A TCP server on loopback for what no web server would do: each connection is handed to the test.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private const int MaxRequestBytes = 1 << 16;

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;
    private readonly Task _accepting;
    private int _connections;

    public RawServer(Func<NetworkStream, CancellationToken, Task> serve, IPAddress? address = null)
    {
        _serve = serve;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary><c>127.0.0.1:PORT</c>, or the same of another address.</summary>
    public string Authority => _listener.LocalEndpoint.ToString()!;

    /// <summary>The address alone.</summary>
    public IPAddress Address => ((IPEndPoint)_listener.LocalEndpoint).Address;

    /// <summary>The port alone.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers each request's headers with these bytes and closes.</summary>
    public static RawServer Answering(string head, byte[]? body = null) => new(async (stream, stopping) =>
    {
        await ReadRequestAsync(stream, stopping);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), stopping);
        await stream.WriteAsync(body ?? [], stopping);
    });

    /// <summary>Answers with these bytes and leaves the connection open, silent.</summary>
    public static RawServer SilentAfter(string head, byte[]? body = null) => new(async (stream, stopping) =>
    {
        await ReadRequestAsync(stream, stopping);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), stopping);
        await stream.WriteAsync(body ?? [], stopping);
        await SilenceAsync(stopping);
    });

    /// <summary>Never ends but with the test.</summary>
    public static Task SilenceAsync(CancellationToken stopping) => new TaskCompletionSource().Task.WaitAsync(stopping);

    /// <summary>A request's line and headers; what came of them when the client stops, empty when nothing came.</summary>
    public static async Task<string> ReadRequestAsync(Stream stream, CancellationToken stopping)
    {
        var request = new StringBuilder();
        var buffer = new byte[1];
        while (!EndsHeaders(request) && request.Length < MaxRequestBytes && await stream.ReadAsync(buffer, stopping) > 0)
        {
            request.Append((char)buffer[0]);
        }

        return request.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stopping.Dispose();
    }

    private static bool EndsHeaders(StringBuilder text) =>
        text.Length >= 4 && text[^1] == '\n' && text[^2] == '\r' && text[^3] == '\n' && text[^4] == '\r';

    private async Task AcceptAsync()
    {
        // Those that have ended are forgotten now and then, so that a server may run for days.
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
                if (serving.Count % 1024 == 0)
                {
                    serving.RemoveAll(task => task.IsCompletedSuccessfully);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _serve(client.GetStream(), _stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The client went away, or the test is over.
            }
        }
    }
}
