using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using SkiaSharp;

namespace Koalarization.Demo;

/// <summary>The responses of the demo's web server: pictures, and the failures of the open web.</summary>
/// <param name="pictures">The pictures, served as <c>/photos/TITLE.jpg</c> and by the other paths that end in one.</param>
/// <param name="dribble">The pause of a slow response between two pieces.</param>
internal sealed class DemoAnswers(IReadOnlyList<DemoPicture> pictures, TimeSpan dribble)
{
    private const int Pieces = 8;

    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DemoPicture> _pictures = pictures.ToDictionary(picture => picture.Title + ".jpg", StringComparer.Ordinal);

    /// <summary>Answers one request; the path's first folder says how.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Split('/', 3, StringSplitOptions.RemoveEmptyEntries);
        ReadOnlyMemory<byte>? picture = path.Length == 2 && _pictures.TryGetValue(path[1], out DemoPicture? known) ? known.Jpeg : null;
        return (path is [var folder, ..] ? folder : "", picture) switch
        {
            ("photos", { } jpeg) => SendAsync(context, jpeg, "image/jpeg"),
            ("slow", { } jpeg) => DribbleAsync(context, jpeg),
            ("truncated", { } jpeg) => SendAsync(context, jpeg[..(jpeg.Length / 2)], "image/jpeg"),
            ("broken-off", { } jpeg) => BreakOffAsync(context, jpeg),
            ("moved", { }) => RedirectAsync(context, "/photos/" + path[1]),
            ("busy", { } jpeg) => BusyAtFirstAsync(context, jpeg),
            ("png", { } jpeg) => SendAsync(context, Png(jpeg), "image/jpeg"),
            ("stalled", _) => StallAsync(context),
            ("round", _) => RedirectAsync(context, "/about/" + path[1]),
            ("about", _) => RedirectAsync(context, "/round/" + path[1]),
            ("page", _) => SendAsync(context, "<!DOCTYPE html><title>This photo is no longer available</title>"u8.ToArray(), "text/html"),
            ("private", _) => StatusAsync(context, StatusCodes.Status403Forbidden),
            ("empty", _) => StatusAsync(context, StatusCodes.Status200OK),
            ("failing", _) => StatusAsync(context, StatusCodes.Status500InternalServerError),
            _ => StatusAsync(context, StatusCodes.Status404NotFound),
        };
    }

    private static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task RedirectAsync(HttpContext context, string location)
    {
        context.Response.Redirect(location);
        return Task.CompletedTask;
    }

    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task BreakOffAsync(HttpContext context, ReadOnlyMemory<byte> jpeg)
    {
        context.Response.ContentLength = jpeg.Length;
        await context.Response.Body.WriteAsync(jpeg[..(jpeg.Length / 2)], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static async Task StallAsync(HttpContext context)
    {
        context.Response.ContentLength = 100_000;
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(new byte[] { 0xFF, 0xD8, 0xFF }, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private static byte[] Png(ReadOnlyMemory<byte> jpeg)
    {
        using SKBitmap bitmap = SKBitmap.Decode(jpeg.Span);
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private async Task DribbleAsync(HttpContext context, ReadOnlyMemory<byte> jpeg)
    {
        context.Response.ContentLength = jpeg.Length;
        int piece = (jpeg.Length / Pieces) + 1;
        for (int start = 0; start < jpeg.Length; start += piece)
        {
            await context.Response.Body.WriteAsync(jpeg.Slice(start, Math.Min(piece, jpeg.Length - start)), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(dribble, context.RequestAborted);
        }
    }

    private Task BusyAtFirstAsync(HttpContext context, ReadOnlyMemory<byte> jpeg)
    {
        if (_asked.AddOrUpdate(context.Request.Path, 1, (_, times) => times + 1) > 1)
        {
            return SendAsync(context, jpeg, "image/jpeg");
        }

        context.Response.Headers.RetryAfter = "1";
        return StatusAsync(context, StatusCodes.Status503ServiceUnavailable);
    }
}
