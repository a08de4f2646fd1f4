using System.Net;
using Koalarization.Cluster.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Koalarization.Koala.Node;

/// <summary>
/// The web server of every node for those that watch it: <c>/healthz/live</c>, <c>/healthz/ready</c> and <c>/metrics</c>, and nothing else. It takes no commands and asks for
/// no token; it starts before the node joins, and ends after the node has left.
/// </summary>
/// <param name="endpoint">Where it listens; port 0: any that is free.</param>
/// <param name="health">What it answers with.</param>
internal sealed class ProbeServer(IPEndPoint endpoint, NodeHealth health) : IHostedService, IAsyncDisposable
{
    private const int MaxConnections = 64;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private WebApplication? _server;

    /// <summary>The address, after the start.</summary>
    public Uri Address => new(_server!.Urls.Single());

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter([.. NodeMeters.Names])
            .AddPrometheusExporter());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestHeaderCount = 32;
            kestrel.Limits.MaxRequestHeadersTotalSize = 8 << 10;
            kestrel.Limits.RequestHeadersTimeout = RequestTimeout;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            kestrel.Listen(endpoint);
        });
        _server = builder.Build();
        _server.Use(OnlyRead);
        _server.UseRouting();
        _server.MapGet("/healthz/live", (RequestDelegate)(context => AnswerAsync(context, health.IsAlive ? null : "The node has ended.")));
        _server.MapGet("/healthz/ready", (RequestDelegate)(context => AnswerAsync(context, health.NotReady)));
        _server.MapPrometheusScrapingEndpoint("/metrics");
        await _server.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static Task OnlyRead(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            // As GET; the server sends no body.
            context.Request.Method = HttpMethods.Get;
        }
        else if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static Task AnswerAsync(HttpContext context, string? failure)
    {
        context.Response.StatusCode = failure is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync((failure ?? "ok") + "\n", context.RequestAborted);
    }
}
