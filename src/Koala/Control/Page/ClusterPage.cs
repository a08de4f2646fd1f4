using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Koalarization.Koala.Control.Page;

/// <summary>
/// The page of a control node, <c>GET /</c>: four files of this program, the same for everyone and without anything of the cluster. What it shows, its script asks the API for, with
/// the token that its user gives it.
/// </summary>
internal static class ClusterPage
{
    /// <summary>
    /// What the page may do: its own script and style, requests to its own node; no inline script, no HTML from strings (<c>require-trusted-types-for</c>), and in no other page.
    /// </summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly Dictionary<string, (string Type, byte[] Content)> Files = new(StringComparer.Ordinal)
    {
        ["/"] = ("text/html; charset=utf-8", Resource("cluster.html")),
        ["/cluster.css"] = ("text/css; charset=utf-8", Resource("cluster.css")),
        ["/cluster.svg"] = ("image/svg+xml", Resource("cluster.svg")),
        ["/cluster.js"] = ("text/javascript; charset=utf-8", Resource("cluster.js")),
    };

    /// <summary>Whether a request is for one of the page's files, which have no secrets.</summary>
    public static bool Has(HttpRequest request) => HttpMethods.IsGet(request.Method) && Files.ContainsKey(request.Path.Value ?? "");

    /// <summary>Maps the page's paths.</summary>
    public static void Map(IEndpointRouteBuilder paths)
    {
        foreach ((string path, (string type, byte[] content)) in Files)
        {
            paths.MapGet(path, context =>
            {
                context.Response.ContentType = type;
                context.Response.ContentLength = content.Length;
                context.Response.Headers.ContentSecurityPolicy = Policy;
                return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
            });
        }
    }

    private static byte[] Resource(string name)
    {
        using Stream resource = typeof(ClusterPage).Assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }
}
