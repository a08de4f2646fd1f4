using System.Net;
using Koalarization.Koala.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Doors;

/// <summary>The web server of a control node, on loopback: it opens with the node and closes with it.</summary>
/// <param name="map">What it serves.</param>
/// <param name="port">Its port; 0: any that is free.</param>
internal sealed class ControlDoor(Action<IEndpointRouteBuilder> map, int port) : IHostedService, IAsyncDisposable
{
    private WebApplication? _server;

    /// <summary>Where it is, once it is open.</summary>
    public Uri Address => new(_server!.Urls.Single());

    /// <exception cref="UserErrorException">The port cannot be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Nothing of the machine's settings (files, environment, arguments) moves the door elsewhere.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ControlApi.MostBodyBytes;
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
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new UserErrorException($"the port {port} of 127.0.0.1 is taken, by another node perhaps; give another one with --http.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
