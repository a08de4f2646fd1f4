using System.Net;
using System.Net.Sockets;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Addresses;

/// <summary>
/// Opens TCP connections for the HTTP stack: resolves, judges the addresses that came back, and connects to those same
/// addresses, so that no second look-up can slip another one in. Every hop of a fetch comes through here.
/// </summary>
/// <remarks>
/// A look-up may take half of the time to connect. Without a part of its own, a resolver that is silent would look like a host that is.
/// </remarks>
internal sealed class Dialer(IHostResolver resolver, Func<IPAddress, string?> refusedRange, TimeSpan connectTimeout)
{
    private const int MaxAddresses = 4;

    private readonly TimeSpan _lookupTimeout = connectTimeout / 2;

    /// <summary>The callback of <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        return await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, resolver, cancellationToken);
    }

    /// <summary>Tries whether a host can be reached: looks it up afresh, connects, and says nothing.</summary>
    public async Task<ProbeAnswer> ProbeAsync(LinkHost host, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(connectTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            IHostResolver fresh = (resolver as CachingResolver)?.Inner ?? resolver;
            await using Stream connection = await ConnectAsync(host.Name, host.Port, fresh, either.Token);
            return ProbeAnswer.Connected;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return NetworkSignals.Of(FailureTable.OutcomeOf(e)).IsDenial() ? ProbeAnswer.Denied : ProbeAnswer.Silent;
        }
    }

    private async ValueTask<Stream> ConnectAsync(string host, int port, IHostResolver names, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPAddress> addresses = IPAddress.TryParse(host, out IPAddress? literal)
            ? [literal]
            : await ResolveAsync(host, names, cancellationToken);
        return await ConnectAsync(Allowed(addresses), port, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, IHostResolver names, CancellationToken cancellationToken)
    {
        using var share = new CancellationTokenSource(_lookupTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
        try
        {
            // A resolver that does not look at its token is left behind.
            IReadOnlyList<IPAddress> addresses = await names.ResolveAsync(host, either.Token).AsTask().WaitAsync(either.Token);
            return addresses.Count > 0 ? addresses : throw new SocketException((int)SocketError.NoData);
        }
        catch (SocketException e) when (MachineLimits.Of(e.SocketErrorCode, AddressFamily.InterNetwork))
        {
            throw new MachineLimitException(e.SocketErrorCode, e);
        }
        catch (SocketException e)
        {
            throw new NameResolutionException(e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NameResolutionException(new SocketException((int)SocketError.TimedOut));
        }
    }

    /// <summary>The addresses that may be connected to, in their order; an exception when none may.</summary>
    internal List<IPAddress> Allowed(IReadOnlyList<IPAddress> addresses)
    {
        List<IPAddress> allowed = [.. addresses.Where(address => refusedRange(address) is null)];
        return allowed.Count > 0
            ? allowed
            : throw new AddressRefusedException(addresses[0], refusedRange(addresses[0])!);
    }

    /// <summary>Tries the addresses in turn. The time is shared out, so that a dead one does not use up that of a good one.</summary>
    private async ValueTask<Stream> ConnectAsync(List<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        int tries = Math.Min(addresses.Count, MaxAddresses);
        for (int i = 0; ; i++)
        {
            using var share = new CancellationTokenSource(connectTimeout / tries);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
            IPAddress address = addresses[i].IsIPv4MappedToIPv6 ? addresses[i].MapToIPv4() : addresses[i];
            Socket? socket = null;
            try
            {
                socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(address, port, either.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket?.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                if (e is SocketException { SocketErrorCode: var error } && MachineLimits.Of(error, address.AddressFamily))
                {
                    throw new MachineLimitException(error, e);
                }

                if (i + 1 < tries)
                {
                    continue;
                }

                if (e is SocketException)
                {
                    throw;
                }

                throw new ConnectTimeoutException(e);
            }
            catch
            {
                socket?.Dispose();
                throw;
            }
        }
    }
}
