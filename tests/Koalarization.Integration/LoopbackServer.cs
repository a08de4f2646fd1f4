using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Koalarization.Integration;

/// <summary>Web servers of tests.</summary>
internal static class LoopbackServer
{
    /// <summary>One on any free port of 127.0.0.1, not started yet, that says nothing.</summary>
    public static WebApplication Create(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication server = builder.Build();
        server.Run(answer);
        return server;
    }
}
