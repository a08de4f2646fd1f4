namespace Koalarization.Harvest.Proxies;

/// <summary>Which proxy a link goes by. Immutable.</summary>
public sealed class ProxySettings
{
    private readonly (ProxyAddress Proxy, string Origin)? _http;
    private readonly (ProxyAddress Proxy, string Origin)? _https;
    private readonly NoProxyList _direct;

    private ProxySettings((ProxyAddress, string)? http, (ProxyAddress, string)? https, NoProxyList direct) => (_http, _https, _direct) = (http, https, direct);

    /// <summary>No proxy.</summary>
    public static ProxySettings None { get; } = new(null, null, new NoProxyList(""));

    /// <summary>The proxies in use, each with the option or the variable that names it.</summary>
    public IReadOnlyList<(ProxyAddress Proxy, string Origin)> InUse =>
        [.. new[] { _http, _https }.OfType<(ProxyAddress, string)>().Distinct()];

    /// <summary>
    /// Reads the settings as curl does: the option, else <c>http_proxy</c> (in lower case only: a web server makes a variable HTTP_PROXY of a header that a stranger
    /// sent) and <c>https_proxy</c>, else <c>all_proxy</c>; for hosts in <c>no_proxy</c> there is none.
    /// </summary>
    /// <param name="option">The option's value; empty: no proxy; null: not given.</param>
    /// <param name="optionName">The option's name.</param>
    /// <param name="variable">A variable of the environment; null: it is not set.</param>
    /// <exception cref="FormatException">One of them is no proxy; the message is a sentence without credentials.</exception>
    public static ProxySettings Read(string? option, string optionName, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (option is { Length: 0 })
        {
            return None;
        }

        var direct = new NoProxyList(First("no_proxy", "NO_PROXY")?.Value ?? "");
        (string Name, string Value)? given = option is null ? null : (optionName, option);
        return new ProxySettings(
            Parsed(given ?? First("http_proxy", "all_proxy", "ALL_PROXY")),
            Parsed(given ?? First("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")),
            direct);

        (string Name, string Value)? First(params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                if (variable(name) is { Length: > 0 } value)
                {
                    return (name, value);
                }
            }

            return null;
        }
    }

    /// <summary>The proxy for a URL; null: it is asked without one.</summary>
    public ProxyAddress? Of(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return Of(url.Scheme, url.IdnHost.Trim('[', ']'));
    }

    /// <summary>The proxy for a host; null: it is asked without one.</summary>
    /// <param name="scheme"><c>http</c> or <c>https</c>.</param>
    /// <param name="host">The host, an IPv6 address without brackets.</param>
    public ProxyAddress? Of(string scheme, string host) =>
        (scheme == Uri.UriSchemeHttps ? _https : _http) is { } used && !_direct.Contains(host) ? used.Proxy : null;

    private static (ProxyAddress, string)? Parsed((string Name, string Value)? setting) =>
        setting is not { } given ? null
        : ProxyAddress.TryParse(given.Value, out string fault) is ProxyAddress proxy ? (proxy, given.Name)
        : throw new FormatException($"{given.Name} is no proxy that can be used: {fault}.");
}
