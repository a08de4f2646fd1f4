using System.Net.Security;
using Koalarization.Cluster.Tls;
using Koalarization.Koala.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Control;

/// <summary>The web server of a control node. It starts and stops with the node.</summary>
/// <param name="map">Maps the paths that it serves.</param>
/// <param name="endpoint">Where it answers, and whom.</param>
internal sealed class ControlApiServer(Action<IEndpointRouteBuilder> map, ControlEndpoint endpoint) : IHostedService, IAsyncDisposable
{
    private const int MaxConnections = 200;
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    private readonly ControlGuard _guard = new(endpoint);
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
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ControlApi.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Listen(endpoint.Address, endpoint.Port, Encrypt);
        });
        _server = builder.Build();
        _server.Use(ResponseHeaders.AddAsync);
        _server.Use(_guard.CheckAsync);
        _server.UseRouting();
        map(_server);
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (IOException inUse) when (inUse.InnerException is AddressInUseException)
        {
            throw new UserErrorException($"port {endpoint.Port} of {endpoint.Address} is in use, perhaps by another node; choose another one with --http.");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _guard.Dispose();
    }

    private void Encrypt(ListenOptions listening)
    {
        if (endpoint.Certificate is NodeCertificate certificate)
        {
            // Asked at each connection: the certificate may have been renewed.
            listening.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificate.Context,
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                }),
            });
        }
    }
}
