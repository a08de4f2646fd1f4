using System.Net;
using Koalarization.Harvest.Addresses;

namespace Koalarization.Harvest.Proxies;

/// <summary>Hosts that are asked without a proxy, as curl reads <c>no_proxy</c>: names with all below them, addresses, and networks (<c>10.0.0.0/8</c>).</summary>
internal sealed class NoProxyList
{
    private readonly bool _isAll;
    private readonly string[] _names;
    private readonly AddressRange[] _addresses;

    public NoProxyList(string text)
    {
        string[] entries = text.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        _isAll = text.Trim() == "*";
        _addresses = [.. entries.Select(AddressRange.TryParse).OfType<AddressRange>()];
        _names = [.. entries.Where(entry => AddressRange.TryParse(entry) is null).Select(entry => entry.Trim('.')).Where(name => name.Length > 0)];
    }

    /// <param name="host">A name, or an address without brackets.</param>
    public bool Contains(string host)
    {
        if (_isAll)
        {
            return true;
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            byte[] bytes = address.GetAddressBytes();
            return Array.Exists(_addresses, range => range.Contains(bytes));
        }

        string name = host.TrimEnd('.');
        return Array.Exists(_names, entry => name.EndsWith(entry, StringComparison.OrdinalIgnoreCase)
            && (name.Length == entry.Length || name[^(entry.Length + 1)] == '.'));
    }
}
