using System.Globalization;
using System.Net;

namespace Koalarization.Harvest.Addresses;

/// <summary>
/// Which addresses are not the open web: the special-purpose registries of IANA (RFC 6890 and its updates) and the metadata
/// services of cloud machines. IPv6 outside 2000::/3 is refused whole; an IPv4 address inside an IPv6 one is judged as itself.
/// </summary>
public static class AddressTable
{
    // The first range that holds an address names it, so smaller ones come before larger ones.
    private static readonly (AddressRange Range, string Name)[] Refused = Table(
        ("169.254.169.254/32", "metadata"),
        ("169.254.170.2/32", "metadata"),
        ("168.63.129.16/32", "metadata"),
        ("100.100.100.200/32", "metadata"),
        ("192.0.0.192/32", "metadata"),
        ("0.0.0.0/32", "unspecified"),
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmark"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
        ("fd00:ec2::/32", "metadata"),
        ("fd20:ce::/32", "metadata"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("2001::/23", "reserved"));

    private static readonly AddressRange GlobalUnicast = AddressRange.Parse("2000::/3");

    private static readonly (AddressRange Range, int Offset)[] Embedding =
    [
        (AddressRange.Parse("::ffff:0:0/96"), 12),
        (AddressRange.Parse("64:ff9b::/96"), 12),
        (AddressRange.Parse("2002::/16"), 2),
    ];

    /// <summary>The name of the range for which an address is refused; null: it belongs to the open web.</summary>
    public static string? RefusedRange(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        ReadOnlySpan<byte> bytes = Plain(address.GetAddressBytes());
        foreach ((AddressRange range, string name) in Refused)
        {
            if (range.Contains(bytes))
            {
                return name;
            }
        }

        return bytes.Length == 16 && !GlobalUnicast.Contains(bytes) ? "reserved" : null;
    }

    /// <summary>The IPv4 address inside a mapped, NAT64 or 6to4 one; else the address itself.</summary>
    private static ReadOnlySpan<byte> Plain(byte[] address)
    {
        foreach ((AddressRange range, int offset) in Embedding)
        {
            if (range.Contains(address))
            {
                return address.AsSpan(offset, 4);
            }
        }

        return address;
    }

    private static (AddressRange Range, string Name)[] Table(params (string Range, string Name)[] rows) =>
        [.. rows.Select(row => (AddressRange.Parse(row.Range), row.Name))];
}

/// <summary>
/// A range of addresses of one family. (The framework's <see cref="IPNetwork"/> finds <c>::ffff:1.0.0.0</c> in fc00::/7 and not
/// in ::ffff:0:0/96, so it does not judge addresses here.)
/// </summary>
internal sealed class AddressRange
{
    private readonly byte[] _base;
    private readonly int _bits;

    private AddressRange(byte[] baseAddress, int bits) => (_base, _bits) = (baseAddress, bits);

    /// <summary>Reads <c>address/bits</c>.</summary>
    public static AddressRange Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is no range of addresses.");

    /// <summary>Reads <c>address/bits</c>, or one address, with or without brackets; null: it is neither.</summary>
    public static AddressRange? TryParse(string text)
    {
        string[] parts = text.Split('/', 2);
        if (!IPAddress.TryParse(parts[0].Trim('[', ']'), out IPAddress? address))
        {
            return null;
        }

        byte[] bytes = address.GetAddressBytes();
        return parts.Length == 1 ? new AddressRange(bytes, bytes.Length * 8)
            : byte.TryParse(parts[1], CultureInfo.InvariantCulture, out byte bits) && bits <= bytes.Length * 8 ? new AddressRange(bytes, bits)
            : null;
    }

    /// <summary>Whether the bytes of an address (4 or 16, network order) are of this range.</summary>
    public bool Contains(ReadOnlySpan<byte> address)
    {
        int whole = _bits / 8;
        int mask = 0xFF00 >> (_bits % 8) & 0xFF;
        return address.Length == _base.Length
            && address[..whole].SequenceEqual(_base.AsSpan(0, whole))
            && (mask == 0 || ((address[whole] ^ _base[whole]) & mask) == 0);
    }
}
