using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Koalarization.Koala.Control;

/// <summary><c>GET /api/v1/events</c>: the cluster as a stream of server-sent events (HTML standard, section 9.2), until the client or the node leaves.</summary>
/// <param name="feed">What is sent.</param>
internal sealed class EventStream(ClusterFeed feed)
{
    /// <summary>Answers a request.</summary>
    /// <returns>False: too many follow already, and nothing was answered.</returns>
    public async Task<bool> AnswerAsync(HttpContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        if (feed.Follow(ends.Token) is not IAsyncEnumerable<(string Name, string Json)> events)
        {
            return false;
        }

        context.Response.ContentType = "text/event-stream; charset=utf-8";
        try
        {
            bool mayCommand = context.Items[typeof(ControlAccess)] is not ControlAccess access || access == ControlAccess.Command;
            await SendAsync(context, "access", JsonSerializer.Serialize(new { may_command = mayCommand }), ends.Token);
            await foreach ((string name, string json) in events)
            {
                await SendAsync(context, name, json, ends.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The client or the node leaves.
        }

        return true;
    }

    private static async Task SendAsync(HttpContext context, string name, string json, CancellationToken cancellation)
    {
        // JSON has no line breaks.
        await context.Response.WriteAsync($"event: {name}\ndata: {json}\n\n", cancellation);
        await context.Response.Body.FlushAsync(cancellation);
    }
}
