using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Koalarization.Harvest.Addresses;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// The HTTP stack as a harvester wants it: no cookies, no redirects of its own, no tracing headers, no stored credentials, and
/// no proxy, also not one of the environment, because a proxy would look names up where their addresses are not judged.
/// </summary>
internal static class HttpStack
{
    /// <summary>Where a request carries the deadlines of its fetch.</summary>
    public static readonly HttpRequestOptionsKey<FetchDeadlines> Deadlines = new("koala.deadlines");

    public static SocketsHttpHandler CreateHandler(FetchOptions options, Dialer dialer, RemoteCertificateValidationCallback? trust)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = dialer.ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
            UseCookies = false,
            UseProxy = false,
            Credentials = null,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            MaxResponseHeadersLength = options.MaxHeaderKibibytes,
            MaxResponseDrainSize = 1 << 16,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // Asked while a request's headers are written, which is when its time to the first byte begins.
            RequestHeaderEncodingSelector = static (_, request) =>
            {
                if (request.Options.TryGetValue(Deadlines, out FetchDeadlines? deadlines))
                {
                    deadlines.RequestSent();
                }

                return null;
            },
            PlaintextStreamFilter = static (context, _) => ValueTask.FromResult(
                context.PlaintextStream is NetworkStream connection ? new InStepStream(connection) : context.PlaintextStream),
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = trust;

        // A certificate may name a URL for its issuer's: fetching that would go around the dialer.
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return handler;
    }

    public static HttpRequestMessage CreateRequest(RequestUrl url, FetchOptions options, FetchDeadlines deadlines)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url.Uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Options.Set(Deadlines, deadlines);
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "image/jpeg, */*;q=0.1");
        if (url.UserInfo is { Length: > 0 } userInfo)
        {
            string[] parts = userInfo.Split(':', 2);
            string plain = $"{Uri.UnescapeDataString(parts[0])}:{(parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "")}";
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(plain)));
        }

        return request;
    }
}
