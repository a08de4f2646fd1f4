using System.Net;
using System.Net.Sockets;

namespace Koalarization.Koala.Node;

/// <summary>Who can reach what listens on a host.</summary>
internal static class Listening
{
    /// <summary>Whether only this machine can: a host of which all addresses are loopback.</summary>
    /// <param name="host">An address, or a name that this machine resolves.</param>
    public static bool IsLoopback(string host)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address))
        {
            return IPAddress.IsLoopback(address);
        }

        try
        {
            return Dns.GetHostAddresses(host) is { Length: > 0 } addresses && Array.TrueForAll(addresses, IPAddress.IsLoopback);
        }
        catch (SocketException)
        {
            // A name that cannot be resolved is refused where it is listened on.
            return false;
        }
    }
}
