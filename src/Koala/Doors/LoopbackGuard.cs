using System.Net;
using Microsoft.AspNetCore.Http;

namespace Koalarization.Koala.Doors;

/// <summary>
/// Keeps out what a page of the web, in a browser on this machine, may send to a door without a token: a name of its own that leads to loopback, and
/// requests that change something.
/// </summary>
internal static class LoopbackGuard
{
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        HostString host = context.Request.Host;
        string? origin = context.Request.Headers.Origin;
        if (IsLoopback(host.Host) && (origin is null || origin == $"{context.Request.Scheme}://{host}"))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(new { error = "this door serves programs of its own machine only; use http://127.0.0.1 and its port." });
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
