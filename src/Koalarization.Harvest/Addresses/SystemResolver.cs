using System.Net;

namespace Koalarization.Harvest;

/// <summary>The machine's own resolver, without a cache of ours.</summary>
public sealed class SystemResolver : IHostResolver
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}
