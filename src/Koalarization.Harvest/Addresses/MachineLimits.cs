using System.Net.Sockets;

namespace Koalarization.Harvest.Addresses;

/// <summary>Which errors of sockets are this machine's own limits: they say nothing of the host that was asked for.</summary>
internal static class MachineLimits
{
    /// <summary>Whether an error is such a limit.</summary>
    /// <param name="error">The error.</param>
    /// <param name="family">
    /// The address's: no local address is left for IPv4 when all ports are in use; for IPv6 it means that the machine has none, which does not pass.
    /// </param>
    public static bool Of(SocketError error, AddressFamily family) => error switch
    {
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.ProcessLimit => true,
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse => family == AddressFamily.InterNetwork,
        _ => false,
    };

    /// <summary>What there was none left of, in a few words.</summary>
    public static string NameOf(SocketError error) => error switch
    {
        SocketError.TooManyOpenSockets => "no file descriptor is left on this machine",
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse => "no local port is left on this machine",
        _ => "no buffer or thread is left on this machine",
    };
}

/// <summary>A limit of this machine was reached. Travels through the HTTP stack, never out of this library.</summary>
internal sealed class MachineLimitException(SocketError error, Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>The limit.</summary>
    public SocketError Error => error;
}
