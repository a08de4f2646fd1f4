using System.Globalization;
using System.Net;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Hosts;

/// <summary>Where a link's first request goes: the host's ASCII name in lower case (an IPv6 address without brackets) and the port.</summary>
/// <remarks>
/// A link counts at this host from its first request to its last, also where it is redirected to another: to wait for a permit of a second host while
/// holding one at the first could deadlock. What a host answers that was reached so counts at the first one, through
/// which the next links would reach it as well.
/// </remarks>
/// <param name="Name">The host's name or address.</param>
/// <param name="Port">The port.</param>
public readonly record struct LinkHost(string Name, int Port)
{
    /// <summary>Whether the name is an address, for which nothing has to be looked up.</summary>
    public bool IsAddress => IPAddress.TryParse(Name, out _);

    /// <summary>Whether it is this machine, by its address or as <c>localhost</c>.</summary>
    public bool IsLoopback => IPAddress.TryParse(Name, out IPAddress? address)
        ? IPAddress.IsLoopback(address)
        : IsLocal(Name);

    /// <summary>Whether a name is this machine's whatever a resolver says, as curl and browsers take it (RFC 6761, section 6.3).</summary>
    public static bool IsLocal(string name)
    {
        ReadOnlySpan<char> known = name.AsSpan().TrimEnd('.');
        return known is "localhost" || known.EndsWith(".localhost", StringComparison.Ordinal);
    }

    /// <summary>Finds the host of a URL.</summary>
    /// <returns>False when no request can be made of the URL.</returns>
    public static bool TryParse(string? url, out LinkHost host)
    {
        host = RequestUrl.TryParse(url ?? "", out _) is { Uri: var uri } ? new LinkHost(Ascii(uri.IdnHost), uri.Port) : default;
        return host.Name is not null;
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryReadText(string text, out LinkHost host)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        bool isHost = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && colon > 0;
        host = isHost ? new LinkHost(text[..colon].TrimStart('[').TrimEnd(']'), port) : default;
        return isHost;
    }

    /// <summary><c>name:port</c>.</summary>
    public override string ToString() => Name.Contains(':') ? $"[{Name}]:{Port}" : $"{Name}:{Port}";

#pragma warning disable CA1308 // Host names are written in lower case.
    private static string Ascii(string name) => name.TrimStart('[').TrimEnd(']').ToLowerInvariant();
#pragma warning restore CA1308
}
