using System.Globalization;
using System.Net;

namespace Koalarization.Harvest.Addresses;

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
    public static AddressRange Parse(string text)
    {
        string[] parts = text.Split('/');
        return new AddressRange(IPAddress.Parse(parts[0]).GetAddressBytes(), int.Parse(parts[1], CultureInfo.InvariantCulture));
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
