using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Koalarization.Integration.Cluster;

/// <summary>
/// Stands in front of a node's port, and lets nothing through, in neither direction, between it and the processes that it is parted from: as a network does
/// that loses every packet. Who has connected is told by the port that the connection came from.
/// </summary>
/// <param name="port">Where others look for the node.</param>
/// <param name="behind">Where it listens.</param>
/// <param name="isParted">Whether a process cannot reach the node now.</param>
internal sealed class PartingProxy(int port, int behind, Func<int, bool> isParted) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _work = [];

    public void Start()
    {
        _listener.Start();
        _work.Add(AcceptAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_work);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _work.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // So has the test.
        }
    }

    private async Task CarryAsync(TcpClient caller)
    {
        using TcpClient from = caller, to = new();
        try
        {
            int process = OwnerOf(((IPEndPoint)from.Client.RemoteEndPoint!).Port);
            await to.ConnectAsync(IPAddress.Loopback, behind, _end.Token);
            await Task.WhenAny(CarryAsync(from, to, process), CarryAsync(to, from, process));
        }
        catch (Exception lost) when (lost is IOException or SocketException or OperationCanceledException)
        {
            // One of both is not there any more.
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to, int process)
    {
        byte[] buffer = new byte[1 << 16];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await from.GetStream().ReadAsync(buffer, _end.Token) is int count and > 0)
        {
            while (isParted(process))
            {
                await timer.WaitForNextTickAsync(_end.Token);
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }

    /// <summary>The process that has a local port of loopback; 0: none is found any more.</summary>
    private static int OwnerOf(int port)
    {
        string local = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        string? inode = ((string[])["/proc/net/tcp", "/proc/net/tcp6"])
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields[1].EndsWith(local, StringComparison.Ordinal))?[9];
        return inode is null ? 0 : Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int process) ? process : 0)
            .FirstOrDefault(process => process > 0 && Has(process, $"socket:[{inode}]"));
    }

    private static bool Has(int process, string socket)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Any(handle => new FileInfo(handle).LinkTarget == socket);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
