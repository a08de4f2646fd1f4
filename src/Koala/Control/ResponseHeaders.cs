using Microsoft.AspNetCore.Http;

namespace Koalarization.Koala.Control;

/// <summary>What every answer of a control node tells a browser: to keep it from other sites, and to load and run nothing for it.</summary>
internal static class ResponseHeaders
{
    private const string OfData = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Adds the headers, and passes the request on.</summary>
    public static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = OfData;
        return next(context);
    }
}
