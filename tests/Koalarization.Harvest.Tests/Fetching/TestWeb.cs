using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Koalarization.Harvest.Tests.Fetching;

/// <summary>A web server on loopback, plain and with a self-signed certificate, that answers as a test says.</summary>
internal sealed class TestWeb : IAsyncDisposable
{
    private static readonly Lazy<X509Certificate2> Certificate = new(SelfSigned);

    private readonly WebApplication _app;

    private TestWeb(WebApplication app, ConcurrentQueue<Request> requests)
    {
        _app = app;
        Requests = requests;
        string[] addresses = [.. app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses];
        Http = addresses.Single(address => address.StartsWith("http:", StringComparison.Ordinal));
        Https = addresses.Single(address => address.StartsWith("https:", StringComparison.Ordinal));
    }

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<Request> Requests { get; }

    /// <summary><c>http://127.0.0.1:PORT</c>.</summary>
    public string Http { get; }

    /// <summary><c>https://127.0.0.1:PORT</c>.</summary>
    public string Https { get; }

    public static async Task<TestWeb> StartAsync(RequestDelegate answer)
    {
        var requests = new ConcurrentQueue<Request>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(Certificate.Value));
        });
        WebApplication app = builder.Build();
        app.Run(context =>
        {
            string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            requests.Enqueue(new Request(target, context.Request.Protocol, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            return answer(context);
        });
        await app.StartAsync();
        return new TestWeb(app, requests);
    }

    public static Task SendAsync(HttpContext context, byte[] body) => context.Response.Body.WriteAsync(body).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static X509Certificate2 SelfSigned()
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    internal sealed record Request(string Target, string Protocol, Dictionary<string, string> Headers);
}
