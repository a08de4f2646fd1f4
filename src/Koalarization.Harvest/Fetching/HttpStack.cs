using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Proxies;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// The HTTP stack as a harvester wants it: no cookies, content encodings and redirects of its own, no tracing headers, no stored credentials, and
/// no proxies of its own: connections are opened by the <see cref="Dialer"/>.
/// </summary>
internal static class HttpStack
{
    /// <summary>Where a request carries the deadlines of its fetch.</summary>
    public static readonly HttpRequestOptionsKey<FetchDeadlines> Deadlines = new("koala.deadlines");

    // The framework's own list ends before those without forward secrecy, which are all that some old servers have; browsers and curl take them last. Only the
    // second handler has this list: with one, the framework resumes no TLS session, which costs twice as much for each connection.
    private static readonly TlsCipherSuite[] CipherSuites =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_CBC_SHA256,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_CBC_SHA256,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_CBC_SHA,
        TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA256,
        TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA256,
        TlsCipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA,
    ];

    /// <summary>A handler that opens a connection for every request, and takes older ciphers.</summary>
    public static SocketsHttpHandler CreateFreshHandler(FetchOptions options, Dialer dialer, RemoteCertificateValidationCallback? trust)
    {
        SocketsHttpHandler handler = CreateHandler(options, dialer, trust);
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        if (OperatingSystem.IsLinux())
        {
            handler.SslOptions.CipherSuitesPolicy = new CipherSuitesPolicy(CipherSuites);
        }

        return handler;
    }

    public static SocketsHttpHandler CreateHandler(FetchOptions options, Dialer dialer, RemoteCertificateValidationCallback? trust)
    {
        // The stack refuses what is larger than allowed, and says so: the filter lets it come to that.
        int maxHeaderBytes = options.MaxHeaderKibibytes * 2048;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = dialer.ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = options.Proxies.InUse.Count > 0,
            Proxy = new WebProxies(options.Proxies, isOfLinks: true),
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
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult(
                context.NegotiatedHttpVersion.Major < 2 ? new Http1Stream(context.PlaintextStream, maxHeaderBytes) : context.PlaintextStream),
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        };
        Secure(handler.SslOptions, options.Roots);
        handler.SslOptions.RemoteCertificateValidationCallback = trust ?? handler.SslOptions.RemoteCertificateValidationCallback;
        return handler;
    }

    /// <summary>Which certificates are trusted.</summary>
    public static void Secure(SslClientAuthenticationOptions options, TrustedRoots? roots)
    {
        // A certificate may name a URL for its issuer's: fetching that would go around the dialer.
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            CertificateCheck.IsTrusted(certificate, chain, errors, roots, TimeProvider.System);
    }

    public static HttpRequestMessage CreateRequest(RedirectRoute route, Version newest, FetchOptions options, FetchDeadlines deadlines, ProxyAddress? proxy)
    {
        RequestUrl url = route.Current;
        var request = new HttpRequestMessage(HttpMethod.Get, url.Uri) { Version = newest, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Options.Set(Deadlines, deadlines);
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "image/jpeg, */*;q=0.1");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", ContentDecoding.Accepted);
        if (route.Cookies is { } cookies)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookies);
        }

        if (proxy?.UserInfo is string credentials)
        {
            request.Headers.TryAddWithoutValidation("Proxy-Authorization", ProxyCredentials.Header(credentials));
        }

        if (url.UserInfo is { Length: > 0 } userInfo)
        {
            string[] parts = userInfo.Split(':', 2);
            string plain = $"{Uri.UnescapeDataString(parts[0])}:{(parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "")}";
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(plain)));
        }

        return request;
    }
}
