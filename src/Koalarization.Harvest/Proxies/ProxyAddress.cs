using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Proxies;

/// <summary>A proxy: how it is spoken to and where it is. Its text never shows the credentials.</summary>
public sealed record ProxyAddress
{
    private const int DefaultPort = 1080;
    private const int DefaultTlsPort = 443;

    private ProxyAddress(ProxyKind kind, string scheme, string host, int port, string? userInfo)
    {
        (Kind, Host, Port, UserInfo) = (kind, host, port, userInfo);
        Text = host.Contains(':') ? $"{scheme}://[{host}]:{port}" : $"{scheme}://{host}:{port}";
    }

    /// <summary>How it is spoken to.</summary>
    public ProxyKind Kind { get; }

    /// <summary>Its ASCII name or address; an IPv6 address is without brackets.</summary>
    public string Host { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Name and password as they were written, percent-encoded; null: none.</summary>
    internal string? UserInfo { get; }

    private string Text { get; }

    /// <summary>Reads <c>[SCHEME://][USER:PASSWORD@]HOST[:PORT]</c> as curl does: without a scheme it is an HTTP proxy, and without a port its port is 1080 (443 inside TLS).</summary>
    /// <param name="text">What a user or a variable says.</param>
    /// <param name="fault">What is wrong, without the credentials.</param>
    public static ProxyAddress? TryParse(string text, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Trim().Split("://", 2);
        string scheme = parts.Length == 1 ? "http" : parts[0].ToLowerInvariant();
        ProxyKind? kind = scheme switch
        {
            "http" => ProxyKind.Http,
            "https" => ProxyKind.Https,
            "socks5" => ProxyKind.Socks5,
            "socks5h" => ProxyKind.Socks5Names,
            _ => null,
        };
        fault = $"proxies of the kind {scheme}:// are not used; name one of http://, https://, socks5:// or socks5h://";
        if (kind is not ProxyKind known)
        {
            return null;
        }

        string authority = parts[^1].Split('/', '?', '#')[0];
        int at = authority.LastIndexOf('@');
        string place = authority[(at + 1)..];
        if (RequestUrl.TryParse($"http://{place}/", out _) is not { } url)
        {
            // Where credentials have delimiters in them, what looks like the host is a part of them.
            fault = at >= 0 || text.Contains('@') ? "it has no host with a port, or its password has a delimiter that must be written as %23, %2F or %3F"
                : place.Length == 0 ? "it names no host"
                : $"'{place}' is no host with a port";
            return null;
        }

        bool hasPort = place.LastIndexOf(':') > place.LastIndexOf(']');
        int port = hasPort ? url.Uri.Port : known == ProxyKind.Https ? DefaultTlsPort : DefaultPort;
        return new ProxyAddress(known, scheme, url.Uri.IdnHost.Trim('[', ']'), port, at < 0 ? null : authority[..at]);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>How a proxy is spoken to.</summary>
public enum ProxyKind
{
    /// <summary>HTTP: http links in its own words, https links through <c>CONNECT</c>.</summary>
    Http,

    /// <summary>The same inside TLS.</summary>
    Https,

    /// <summary>SOCKS 5 (RFC 1928) with addresses: names are looked up here.</summary>
    Socks5,

    /// <summary>SOCKS 5 with names: the proxy looks them up.</summary>
    Socks5Names,
}
