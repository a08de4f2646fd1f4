using System.Net;
using Microsoft.AspNetCore.Http;

namespace Koalarization.Koala.Control;

/// <summary>
/// Refuses requests that a web page in a browser on this machine may send: to a host name that resolves to loopback, or from another origin. The API has no
/// token.
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
        return context.Response.WriteAsJsonAsync(new { error = "the control API accepts local requests only; use http://127.0.0.1:PORT on its own machine." });
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
