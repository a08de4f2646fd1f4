using System.Net;
using System.Net.Sockets;

namespace Koalarization.Harvest.Addresses;

/// <summary>Names to addresses. Called concurrently.</summary>
public interface IHostResolver
{
    /// <summary>The addresses of a host name (never itself an address), in the order in which they should be tried.</summary>
    /// <exception cref="SocketException">
    /// The name has none: <see cref="SocketError.HostNotFound"/> or <see cref="SocketError.NoData"/> for good,
    /// <see cref="SocketError.TryAgain"/> for now.
    /// </exception>
    ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
