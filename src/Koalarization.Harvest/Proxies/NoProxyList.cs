using System.Net;

namespace Koalarization.Harvest.Proxies;

/// <summary>Hosts that are asked without a proxy, as curl reads <c>no_proxy</c>: names with all below them, addresses, and networks (<c>10.0.0.0/8</c>).</summary>
internal sealed class NoProxyList
{
    private readonly bool _isAll;
    private readonly string[] _names;
    private readonly (IPAddress Address, int? Bits)[] _addresses;

    public NoProxyList(string text)
    {
        string[] entries = text.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        _isAll = text.Trim() == "*";
        _addresses = [.. entries.Select(AddressOf).OfType<(IPAddress, int?)>()];
        _names = [.. entries.Where(entry => AddressOf(entry) is null).Select(entry => entry.Trim('.')).Where(name => name.Length > 0)];
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
            return Array.Exists(_addresses, entry => Contains(entry, address));
        }

        string name = host.TrimEnd('.');
        return Array.Exists(_names, entry => name.EndsWith(entry, StringComparison.OrdinalIgnoreCase)
            && (name.Length == entry.Length || name[^(entry.Length + 1)] == '.'));
    }

    private static bool Contains((IPAddress Address, int? Bits) entry, IPAddress address)
    {
        byte[] wanted = entry.Address.GetAddressBytes(), bytes = address.GetAddressBytes();
        int bits = entry.Bits ?? wanted.Length * 8;
        return wanted.Length == bytes.Length
            && Enumerable.Range(0, bits).All(bit => ((wanted[bit / 8] ^ bytes[bit / 8]) & (0x80 >> (bit % 8))) == 0);
    }

    private static (IPAddress, int?)? AddressOf(string entry)
    {
        string[] parts = entry.Split('/', 2);
        if (!IPAddress.TryParse(parts[0].Trim('[', ']'), out IPAddress? address))
        {
            return null;
        }

        return parts.Length == 1 ? (address, null)
            : byte.TryParse(parts[1], out byte bits) && bits <= address.GetAddressBytes().Length * 8 ? (address, bits)
            : null;
    }
}
