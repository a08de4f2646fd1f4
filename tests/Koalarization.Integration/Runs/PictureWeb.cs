using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Koalarization.Integration.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Koalarization.Integration.Runs;

/// <summary>
/// A web on loopback that always answers the same: <c>/picture/N.jpg</c> is a picture of its own, <c>/gone/N.jpg</c> is not there, <c>/html/N.jpg</c> is a
/// page, <c>/cut/N.jpg</c> ends in the middle, <c>/placeholder/N.jpg</c> is the same picture for every N, <c>/late/N.jpg</c> is not there until <see cref="Late"/>.
/// Only <c>/changing/N.jpg</c> is another picture each time.
/// </summary>
internal sealed class PictureWeb : IAsyncDisposable
{
    private static readonly string[] Files = [.. Directory.GetFiles(Path.Combine(Golden.Folder, "resized_299x299", "files")).Order(StringComparer.Ordinal)];

    private readonly WebApplication _server;
    private readonly Lock _gate = new();
    private int _requests;
    private int _inFlight;

    private PictureWeb()
    {
        _server = LoopbackServer.Create(AnswerAsync);
    }

    public string Root => _server.Urls.Single();

    public int Port => new Uri(Root).Port;

    public int Requests => _requests;

    /// <summary>Requests that it had at once, at most.</summary>
    public int PeakInFlight { get; private set; }

    /// <summary>How long it takes to answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether what is late has come.</summary>
    public bool Late { get; set; }

    /// <summary>Held while it answers, when set: requests wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public static async Task<PictureWeb> StartAsync()
    {
        var web = new PictureWeb();
        await web._server.StartAsync();
        return web;
    }

    /// <summary>A list of so many links, of which three in eight give no picture.</summary>
    public IEnumerable<string> Links(int count) => Enumerable.Range(0, count).Select(i => (i % 8) switch
    {
        2 => $"n0_{i} {Root}/gone/{i}.jpg",
        5 => $"{Root}/html/{i}.jpg",
        7 => $"two words {Root}/cut/{i}.jpg",
        _ => $"{Root}/picture/{i}.jpg",
    });

    /// <summary>Picture N: one of the golden ones, with a comment of its own, so that no two are equal.</summary>
    public static byte[] Picture(int number, string comment = "picture")
    {
        byte[] jpeg = File.ReadAllBytes(Files[number % Files.Length]);
        byte[] text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{comment} {number}"));
        byte[] segment = [0xFF, 0xFE, 0, 0, .. text];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(text.Length + 2));
        return [.. jpeg[..2], .. segment, .. jpeg[2..]];
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Came();
        try
        {
            await AnswerCountedAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private void Came()
    {
        lock (_gate)
        {
            _requests++;
            PeakInFlight = Math.Max(PeakInFlight, Interlocked.Increment(ref _inFlight));
        }
    }

    private async Task AnswerCountedAsync(HttpContext context)
    {
        if (Delay > TimeSpan.Zero)
        {
            await Pause.ForAsync(Delay);
        }

        if (Gate is TaskCompletionSource gate)
        {
            await gate.Task.WaitAsync(context.RequestAborted);
        }

        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int number = path.Length > 1 && int.TryParse(Path.GetFileNameWithoutExtension(path[1]), out int told) ? told : 0;
        byte[]? body = path[0] switch
        {
            "picture" => Picture(number),
            "late" when Late => Picture(number),
            "changing" => Picture(number, $"answer {_requests} to"),
            "placeholder" => Picture(0, "placeholder"),
            "kill" => Picture(number, "this picture kills its decoder"),
            "html" => "<!doctype html><p>gone</p>"u8.ToArray(),
            "cut" => Picture(number)[..^100],
            _ => null,
        };
        if (body is null)
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }
}
