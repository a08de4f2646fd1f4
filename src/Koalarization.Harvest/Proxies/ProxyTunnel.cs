using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Koalarization.Harvest.Proxies;

/// <summary>Asks a proxy, on a connection to it, to open one to a host.</summary>
internal static class ProxyTunnel
{
    private const int MaxHeadBytes = 1 << 16;

    /// <summary><c>CONNECT</c> (RFC 9110, section 9.3.6). Afterwards the connection is one to the host.</summary>
    public static async ValueTask ConnectAsync(Stream connection, ProxyAddress proxy, string host, int port, CancellationToken cancellation)
    {
        string target = Target(host, port);
        int status = await AskAsync(connection, proxy, $"CONNECT {target}", target, cancellation);
        if (status == 401)
        {
            // Some say so instead of 407; the host has not been asked yet.
            throw CredentialsFault(proxy);
        }

        if (status is < 200 or >= 300)
        {
            throw ProxyDenialException.Of(status);
        }
    }

    /// <summary>Asks for the head of a host's first page: whether the proxy reaches the host. The connection is of no further use.</summary>
    public static async ValueTask ProbeAsync(Stream connection, ProxyAddress proxy, string host, int port, CancellationToken cancellation)
    {
        string target = Target(host, port);
        await AskAsync(connection, proxy, $"HEAD http://{target}/", target, cancellation);
    }

    /// <summary>SOCKS 5 (RFC 1928, RFC 1929).</summary>
    /// <param name="connection">A connection to the proxy.</param>
    /// <param name="proxy">The proxy.</param>
    /// <param name="host">The host's name; or its address, as <paramref name="address"/>.</param>
    /// <param name="address">The host's address; null: the proxy looks its name up.</param>
    /// <param name="port">The host's port.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async ValueTask ConnectBySocksAsync(Stream connection, ProxyAddress proxy, string host, IPAddress? address, int port, CancellationToken cancellation)
    {
        const byte Version = 5, NoCredentials = 0, Password = 2, Connect = 1, IPv4 = 1, Name = 3, IPv6 = 4;
        byte method = proxy.UserInfo is null ? NoCredentials : Password;
        await connection.WriteAsync((byte[])[Version, 1, method], cancellation);
        byte[] chosen = await ReadAsync(connection, proxy, 2, cancellation);
        if (chosen[0] != Version || chosen[1] != method)
        {
            throw new ProxyException(proxy, chosen[0] != Version ? "does not speak SOCKS 5" : proxy.UserInfo is null ? "asks for a name and a password" : "takes no name and password");
        }

        if (proxy.UserInfo is string info)
        {
            byte[] name = Encoding.UTF8.GetBytes(ProxyCredentials.Name(info)), password = Encoding.UTF8.GetBytes(ProxyCredentials.Password(info));
            await connection.WriteAsync((byte[])[1, (byte)name.Length, .. name, (byte)password.Length, .. password], cancellation);
            if ((await ReadAsync(connection, proxy, 2, cancellation))[1] != 0)
            {
                throw new ProxyException(proxy, "refuses the name and the password");
            }
        }

        var ports = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(ports, (ushort)port);
        byte[] target = address is not null
            ? [address.GetAddressBytes().Length == 4 ? IPv4 : IPv6, .. address.GetAddressBytes()]
            : [Name, (byte)host.Length, .. Encoding.ASCII.GetBytes(host)];
        await connection.WriteAsync((byte[])[Version, Connect, 0, .. target, .. ports], cancellation);
        byte[] answer = await ReadAsync(connection, proxy, 4, cancellation);
        if (answer[1] != 0)
        {
            // 2: not allowed by the ruleset; the others are of the network and of the host.
            throw new ProxyDenialException(isDenial: answer[1] == 2, $"SOCKS {answer[1]}");
        }

        int length = answer[3] switch { IPv4 => 4, IPv6 => 16, _ => (await ReadAsync(connection, proxy, 1, cancellation))[0] };
        await ReadAsync(connection, proxy, length + 2, cancellation);
    }

    /// <summary>Throws when an answer is the proxy's own, and not the host's: 407, or an error that it says is its own (RFC 9209; Squid's and Tinyproxy's headers).</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="header">A header of the answer; null: it has none.</param>
    public static void ThrowIfOwn(ProxyAddress proxy, int status, Func<string, string?> header)
    {
        bool isOwn = header("Server")?.Contains("tinyproxy", StringComparison.OrdinalIgnoreCase) == true;
        if (status == 407 || (isOwn && status == 401))
        {
            throw CredentialsFault(proxy);
        }

        if (status >= 400 && (isOwn || header("X-Squid-Error") is not null || header("Proxy-Status")?.Contains("error=", StringComparison.OrdinalIgnoreCase) == true))
        {
            throw ProxyDenialException.Of(status);
        }
    }

    private static ProxyException CredentialsFault(ProxyAddress proxy) =>
        new(proxy, proxy.UserInfo is null ? "asks for a name and a password" : "refuses the name and the password");

    private static async ValueTask<int> AskAsync(Stream connection, ProxyAddress proxy, string line, string host, CancellationToken cancellation)
    {
        string credentials = proxy.UserInfo is string info ? $"Proxy-Authorization: {ProxyCredentials.Header(info)}\r\n" : "";
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: {host}\r\n{credentials}\r\n"), cancellation);
        string[] head = (await ReadHeadAsync(connection, proxy, cancellation)).Split('\n');
        if (!head[0].StartsWith("HTTP/", StringComparison.Ordinal) || head[0].Split(' ') is not [_, string code, ..]
            || !int.TryParse(code.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            throw new ProxyException(proxy, "does not speak HTTP");
        }

        ThrowIfOwn(proxy, status, name => Array.Find(head, header => header.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)));
        return status;
    }

    // Byte by byte: what follows the head is the host's.
    private static async ValueTask<string> ReadHeadAsync(Stream connection, ProxyAddress proxy, CancellationToken cancellation)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (head.Length < MaxHeadBytes && !(head.Length >= 2 && head[^1] == '\n' && (head[^2] == '\n' || (head.Length >= 4 && head[^2] == '\r' && head[^3] == '\n'))))
        {
            if (await connection.ReadAsync(next, cancellation) == 0)
            {
                throw new ProxyException(proxy, "closes connections without an answer");
            }

            head.Append((char)next[0]);
        }

        return head.ToString();
    }

    private static async ValueTask<byte[]> ReadAsync(Stream connection, ProxyAddress proxy, int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        try
        {
            await connection.ReadExactlyAsync(bytes, cancellation);
        }
        catch (EndOfStreamException e)
        {
            throw new ProxyException(proxy, "closes connections without an answer", e);
        }

        return bytes;
    }

    private static string Target(string host, int port) => host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}";
}
