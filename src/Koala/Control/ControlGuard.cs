using System.Net;
using System.Threading.RateLimiting;
using Koalarization.Koala.Control.Page;
using Microsoft.AspNetCore.Http;

namespace Koalarization.Koala.Control;

/// <summary>Lets requests to a control node in, or answers why not.</summary>
/// <param name="endpoint">Where it answers, and whom.</param>
internal sealed class ControlGuard(ControlEndpoint endpoint) : IDisposable
{
    /// <summary>Requests of one kind a second that are answered, whoever sends them; after a quiet time as many at once as two seconds give.</summary>
    public const int RequestsPerSecond = 100;

    // Those who only look, and probes and the page, which have no token, cannot keep a command out.
    private readonly PartitionedRateLimiter<HttpRequest> _rate = PartitionedRateLimiter.Create<HttpRequest, RequestKind>(
        request => RateLimitPartition.GetTokenBucketLimiter(KindOf(request), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = RequestsPerSecond * 2,
            TokensPerPeriod = RequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    private enum RequestKind
    {
        Probe,
        Page,
        Look,
        Command,
    }

    /// <summary>Answers a request that may not come in, and passes on any other.</summary>
    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        // Requests that are refused anyway do not count: whoever has no token cannot keep out those who have one.
        (int code, string? refusal) = Refusal(context.Request);
        if (refusal is null)
        {
            using RateLimitLease lease = _rate.AttemptAcquire(context.Request);
            if (lease.IsAcquired)
            {
                await next(context);
                return;
            }

            (code, refusal) = (StatusCodes.Status429TooManyRequests, $"more than {RequestsPerSecond} requests a second; ask again in a second.");
        }

        if (code == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }
        else if (code == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        context.Response.StatusCode = code;
        await context.Response.WriteAsJsonAsync(new { error = refusal }, context.RequestAborted);
    }

    public void Dispose() => _rate.Dispose();

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsLook(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static bool IsProbe(HttpRequest request) => request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal);

    private static RequestKind KindOf(HttpRequest request) =>
        IsProbe(request) ? RequestKind.Probe : ClusterPage.Has(request) ? RequestKind.Page : IsLook(request.Method) ? RequestKind.Look : RequestKind.Command;

    private (int Code, string? Sentence) Refusal(HttpRequest request)
    {
        // A web page in a browser may send requests to a name that resolves to this machine, or from another origin.
        string? origin = request.Headers.Origin;
        bool isOfPage = origin is not null && origin != $"{request.Scheme}://{request.Host}";
        if (endpoint.IsLocal && (isOfPage || !IsLoopback(request.Host.Host)))
        {
            return (StatusCodes.Status403Forbidden, "the control API accepts local requests only; use http://127.0.0.1:PORT on its own machine.");
        }

        if (isOfPage)
        {
            return (StatusCodes.Status403Forbidden, "the control API takes no requests of other sites' pages.");
        }

        // A browser says so also of requests that have no origin, such as that for a picture. The page alone may be come to from anywhere.
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && !(ClusterPage.Has(request) && request.Headers["Sec-Fetch-Mode"] == "navigate"))
        {
            return (StatusCodes.Status403Forbidden, "the control API takes no requests of other sites' pages.");
        }

        // Probes have no token, and learn nothing but that the node is there. Nor has the page when it is opened; it asks for one.
        if (endpoint.Tokens is not ControlTokens tokens || IsProbe(request) || ClusterPage.Has(request))
        {
            return (0, null);
        }

        ControlAccess access = tokens.AccessOf(request.Headers.Authorization);
        request.HttpContext.Items[typeof(ControlAccess)] = access;
        return access switch
        {
            ControlAccess.None => (StatusCodes.Status401Unauthorized, "this control node asks for a token; give its file with --token-file, or KOALA_TOKEN_FILE."),
            ControlAccess.Unknown => (StatusCodes.Status401Unauthorized, "this control node does not know the token; give the file of its own one with --token-file, or KOALA_TOKEN_FILE."),
            ControlAccess.Look when !IsLook(request.Method) => (StatusCodes.Status403Forbidden, "this token may look and not command; give the file of the other one with --token-file, or KOALA_TOKEN_FILE."),
            _ => (0, null),
        };
    }
}
