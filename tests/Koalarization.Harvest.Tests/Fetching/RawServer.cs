using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Koalarization.Harvest.Tests;

/// <summary>A TCP server on loopback for what no web server would do: each connection is handed to the test.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    public RawServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary><c>127.0.0.1:PORT</c>.</summary>
    public string Authority => _listener.LocalEndpoint.ToString()!;

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

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

    public static async Task<string> ReadRequestAsync(NetworkStream stream, CancellationToken stopping)
    {
        var request = new StringBuilder();
        var buffer = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer, stopping) > 0)
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

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                Connections++;
                serving.Add(ServeAsync(client));
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
