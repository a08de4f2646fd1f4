using System.Net;
using System.Net.Sockets;

namespace Koalarization.Integration.Cluster;

/// <summary>
/// Ports of loopback for processes that are started again on the same one: below those that the machine gives to connections, and each once in a test run.
/// </summary>
internal static class FreePorts
{
    private const int First = 12_000;
    private const int Count = 18_000;

    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Take()
    {
        while (true)
        {
            int port = First + ((Interlocked.Increment(ref _next) & int.MaxValue) % Count);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // The port is in use.
            }
        }
    }
}
