using System.Net;
using Koalarization.Koala.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
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
        _server.Use(LoopbackGuard.Check);
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
}
