using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Koalarization.Hostile.Serving;

/// <summary>An HTTP and SOCKS 5 proxy on loopback that knows every name as one address, and notes what it was asked.</summary>
public sealed class TestProxy : IAsyncDisposable
{
    private readonly RawServer _server;

    /// <param name="answer">Answers a request instead of the host, by its head; null: the host is asked.</param>
    public TestProxy(Func<string, string?>? answer = null) => _server = new RawServer((stream, stopping) => ServeAsync(stream, answer, stopping));

    public string Authority => _server.Authority;

    /// <summary>The heads of requests, and <c>SOCKS host:port</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream stream, Func<string, string?>? answer, CancellationToken stopping)
    {
        var first = new byte[1];
        if (await stream.ReadAsync(first, stopping) == 0)
        {
            return;
        }

        if (first[0] == 5)
        {
            await ServeSocksAsync(stream, stopping);
            return;
        }

        string head = (char)first[0] + await RawServer.ReadRequestAsync(stream, stopping);
        Asked.Enqueue(head);
        if (answer?.Invoke(head) is string own)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(own), stopping);
            return;
        }

        string[] words = head.Split(' ');
        var url = new Uri(words[0] == "CONNECT" ? $"http://{words[1]}" : words[1]);
        using var host = new TcpClient();
        await host.ConnectAsync(IPAddress.Loopback, url.Port, stopping);
        byte[] forwarded = words[0] == "CONNECT" ? [] : Encoding.Latin1.GetBytes(head.Replace(words[1], url.PathAndQuery, StringComparison.Ordinal));
        await host.GetStream().WriteAsync(forwarded, stopping);
        if (words[0] == "CONNECT")
        {
            await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), stopping);
        }

        await PipeAsync(stream, host.GetStream(), stopping);
    }

    private async Task ServeSocksAsync(NetworkStream stream, CancellationToken stopping)
    {
        byte[] methods = await ReadAsync(stream, 2, stopping);
        await stream.WriteAsync((byte[])[5, methods[1]], stopping);
        if (methods[1] == 2)
        {
            int name = (await ReadAsync(stream, 2, stopping))[1];
            byte[] user = await ReadAsync(stream, name + 1, stopping);
            Asked.Enqueue($"{Encoding.ASCII.GetString(user[..^1])}:{Encoding.ASCII.GetString(await ReadAsync(stream, user[^1], stopping))}");
            await stream.WriteAsync((byte[])[1, 0], stopping);
        }

        byte[] request = await ReadAsync(stream, 4, stopping);
        string host = request[3] == 3
            ? Encoding.ASCII.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1, stopping))[0], stopping))
            : new IPAddress(await ReadAsync(stream, request[3] == 1 ? 4 : 16, stopping)).ToString();
        byte[] port = await ReadAsync(stream, 2, stopping);
        Asked.Enqueue($"SOCKS {host}:{(port[0] << 8) | port[1]}");
        using var target = new TcpClient();
        await target.ConnectAsync(IPAddress.Loopback, (port[0] << 8) | port[1], stopping);
        await stream.WriteAsync((byte[])[5, 0, 0, 1, 0, 0, 0, 0, 0, 0], stopping);
        await PipeAsync(stream, target.GetStream(), stopping);
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count, CancellationToken stopping)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, stopping);
        return bytes;
    }

    private static async Task PipeAsync(NetworkStream one, NetworkStream other, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] both = [one.CopyToAsync(other, ended.Token), other.CopyToAsync(one, ended.Token)];
        await Task.WhenAny(both);
        await ended.CancelAsync();
        await Task.WhenAny(Task.WhenAll(both));
    }
}
