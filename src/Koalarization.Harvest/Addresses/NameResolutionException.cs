using System.Net.Sockets;

namespace Koalarization.Harvest.Addresses;

/// <summary>A host name has no address. Travels through the HTTP stack, never out of this library.</summary>
internal sealed class NameResolutionException(SocketException cause) : Exception(cause.Message, cause)
{
    /// <summary>What the resolver said.</summary>
    public SocketError Error { get; } = cause.SocketErrorCode;
}

/// <summary>No address answered within the time to connect. Travels through the HTTP stack, never out of this library.</summary>
internal sealed class ConnectTimeoutException(Exception cause) : Exception("No address answered in time.", cause);
