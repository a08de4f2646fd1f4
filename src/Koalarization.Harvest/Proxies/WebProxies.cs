using System.Net;

namespace Koalarization.Harvest.Proxies;

/// <summary>The settings for the framework's own HTTP client.</summary>
/// <param name="settings">Which proxy a URL goes by.</param>
/// <param name="isOfLinks">
/// Whether the client fetches links: then its connections are opened here, TLS to the proxy and tunnels too, and it has to know only which requests name the
/// whole URL. Otherwise it does all itself.
/// </param>
public sealed class WebProxies(ProxySettings settings, bool isOfLinks) : IWebProxy, ICredentials
{
    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => isOfLinks ? null : this;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination)
    {
        if (settings.Of(destination) is not { } proxy || (isOfLinks && !NamesWholeUrl(destination, proxy)))
        {
            return null;
        }

        string scheme = proxy.Kind switch
        {
            _ when isOfLinks => "http",
            ProxyKind.Http => "http",
            ProxyKind.Https => "https",
            _ => "socks5",
        };
        return new UriBuilder(scheme, proxy.Host, proxy.Port).Uri;
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    /// <inheritdoc/>
    public NetworkCredential? GetCredential(Uri uri, string authType)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return settings.InUse.Select(used => used.Proxy).FirstOrDefault(proxy => proxy.Host == uri.IdnHost.Trim('[', ']') && proxy.Port == uri.Port) is { UserInfo: string info }
            ? new NetworkCredential(ProxyCredentials.Name(info), ProxyCredentials.Password(info))
            : null;
    }

    /// <summary>Whether a request goes to the proxy as it is, with its whole URL, and not through a tunnel.</summary>
    internal static bool NamesWholeUrl(Uri url, ProxyAddress proxy) => url.Scheme == Uri.UriSchemeHttp && (proxy.Kind is ProxyKind.Http or ProxyKind.Https);
}
