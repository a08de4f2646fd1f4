using System.Net;
using Koalarization.Koala.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Control;

/// <summary>The web server of a control node, on loopback. It starts and stops with the node.</summary>
/// <param name="map">Maps the paths that it serves.</param>
/// <param name="port">The port; 0: any free port.</param>
internal sealed class ControlApiServer(Action<IEndpointRouteBuilder> map, int port) : IHostedService, IAsyncDisposable
{
    private WebApplication? _server;

    /// <summary>The address, after the start.</summary>
    public Uri Address => new(_server!.Urls.Single());

    /// <exception cref="UserErrorException">The port is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Configuration files, environment and arguments must not change the address.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ControlApi.MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        _server = builder.Build();
        _server.Use(RefuseOthers);
        _server.UseRouting();
        map(_server);
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (IOException inUse) when (inUse.InnerException is AddressInUseException)
        {
            throw new UserErrorException($"port {port} of 127.0.0.1 is in use, perhaps by another node; choose another one with --http.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    // Refuses requests that a web page in a browser on this machine may send: to a host name that resolves to loopback, or from another origin.
    // The API has no token.
    private static Task RefuseOthers(HttpContext context, RequestDelegate next)
    {
        HostString host = context.Request.Host;
        string? origin = context.Request.Headers.Origin;
        if (IsLoopback(host.Host) && (origin is null || origin == $"{context.Request.Scheme}://{host}"))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(new { error = "the control API accepts local requests only; use http://127.0.0.1:PORT on its own machine." });
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
