using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Tests.Node;

/// <summary>A collector of OpenTelemetry that keeps what it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;

    private OtlpReceiver(HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listening => listening.Protocols = protocols));
        _server = builder.Build();
        _server.Run(ReceiveAsync);
    }

    public Uri Url => new(_server.Urls.Single());

    /// <summary>What it answers with.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    public ConcurrentQueue<(string Path, string? Type, byte[] Body)> Requests { get; } = [];

    public static async Task<OtlpReceiver> StartAsync(HttpProtocols protocols = HttpProtocols.Http1)
    {
        var receiver = new OtlpReceiver(protocols);
        await receiver._server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Requests.Enqueue(($"{context.Request.Method} {context.Request.Path}", context.Request.ContentType, body.ToArray()));
        context.Response.StatusCode = Status;
        if (context.Request.ContentType == "application/grpc")
        {
            // An empty message, and a status of success behind it.
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
