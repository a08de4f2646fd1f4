using System.Net;
using System.Net.Sockets;
using Koalarization.Harvest.Addresses;

namespace Koalarization.FaultyHost;

/// <summary>
/// A resolver whose state is a file's text: <c>up</c>, every name is this machine's; <c>down</c>, it cannot be asked; <c>silent</c>, it never answers;
/// <c>none</c>, no name exists.
/// </summary>
internal sealed class SwitchedResolver(string stateFile) : IHostResolver
{
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        switch ((await File.ReadAllTextAsync(stateFile, cancellationToken)).Trim())
        {
            case "up":
                return [IPAddress.Loopback];
            case "none":
                throw new SocketException((int)SocketError.HostNotFound);
            case "silent":
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return [];
            default:
                throw new SocketException((int)SocketError.TryAgain);
        }
    }
}
