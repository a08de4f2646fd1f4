using System.Net.Sockets;
using System.Text;

namespace Koalarization.Hostile.Serving;

/// <summary>How an endpoint answers one request; when it ends, the connection is closed.</summary>
internal delegate Task Answer(Exchange exchange);

/// <summary>One request on one connection.</summary>
/// <param name="stream">What the client receives: the socket's stream, or TLS over it.</param>
/// <param name="socket">The connection.</param>
/// <param name="stopping">The web closes.</param>
internal sealed class Exchange(Stream stream, Socket socket, CancellationToken stopping)
{
    public Stream Stream { get; } = stream;

    public CancellationToken Stopping { get; } = stopping;

    /// <summary>Request line and headers as they came; empty where the endpoint has not read them.</summary>
    public string Request { get; init; } = "";

    /// <summary>The how-manieth request to its endpoint this is, from 1.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Whether another request may follow on this connection.</summary>
    public bool StaysOpen { get; set; }

    /// <summary>The request line's second word.</summary>
    public string Target => Request.Split('\n', 2)[0].Split(' ') is [_, var target, ..] ? target : "";

    /// <summary>A header's value; null without it.</summary>
    public string? Header(string name) => Request.Split("\r\n").Skip(1)
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    public Task SendTextAsync(string latin1) => SendAsync(Encoding.Latin1.GetBytes(latin1));

    public async Task SendAsync(byte[] bytes) => await Stream.WriteAsync(bytes, Stopping);

    /// <summary>The same exchange over another stream, its request not read yet.</summary>
    public Exchange Over(Stream other) => new(other, socket, Stopping) { Times = Times };

    /// <summary>The same exchange with its request read.</summary>
    public async Task<Exchange> ReadAsync() =>
        new(Stream, socket, Stopping) { Times = Times, Request = await RawServer.ReadRequestAsync(Stream, Stopping) };

    /// <summary>The same exchange as the how-manieth of its endpoint.</summary>
    public Exchange Again(int times) => new(Stream, socket, Stopping) { Times = times, Request = Request };

    /// <summary>Resets the connection: what the client has not read yet is lost to it.</summary>
    public void Reset()
    {
        // Closed as a stream, it would say an orderly goodbye before.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    /// <summary>Sends nothing more, and waits until the client disconnects (or the web closes).</summary>
    public async Task StaySilentAsync()
    {
        var ignored = new byte[4096];
        while (await Stream.ReadAsync(ignored, Stopping) > 0)
        {
        }
    }

    /// <summary>Waits between two pieces.</summary>
    public async Task RestAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(Stopping);
    }
}
