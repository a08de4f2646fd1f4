using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Outages;
using Koalarization.Harvest.Proxies;

namespace Koalarization.Harvest.Addresses;

/// <summary>
/// Opens TCP connections for the HTTP stack: resolves, judges the addresses that came back, and connects to those same
/// addresses, so that no second look-up can slip another one in. Every hop of a fetch comes through here.
/// </summary>
/// <remarks>
/// A look-up may take half of the time to connect. Without a part of its own, a resolver that is silent would look like a host that is. The same with three
/// quarters of it for a connection to a proxy, whose own address is not judged: the user named it.
/// </remarks>
/// <param name="resolver">Looks names up.</param>
/// <param name="refusedRange">Names the range for which an address is refused; null: it is not.</param>
/// <param name="connectTimeout">The time to connect.</param>
/// <param name="proxies">Which proxy a URL goes by.</param>
/// <param name="roots">Further authorities, for proxies inside TLS.</param>
internal sealed class Dialer(
    IHostResolver resolver, Func<IPAddress, string?> refusedRange, TimeSpan connectTimeout, ProxySettings? proxies = null, TrustedRoots? roots = null)
{
    private const int MaxAddresses = 4;

    private readonly ProxySettings _proxies = proxies ?? ProxySettings.None;

    private readonly TimeSpan _lookupTimeout = connectTimeout / 2;

    /// <summary>The callback of <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Uri url = context.InitialRequestMessage.RequestUri!;
        if (_proxies.Of(url) is not { } proxy)
        {
            return await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, resolver, cancellationToken);
        }

        return WebProxies.NamesWholeUrl(url, proxy)
            ? await ConnectToAsync(proxy, cancellationToken)
            : await ConnectThroughAsync(proxy, url.IdnHost.Trim('[', ']'), url.Port, resolver, cancellationToken);
    }

    /// <summary>
    /// Refuses a host that a proxy would be asked for, as it is refused without one. The proxy looks its name up again, and perhaps otherwise. A name that
    /// cannot be looked up here is left to the proxy: behind one, often none can.
    /// </summary>
    /// <exception cref="AddressRefusedException">One of its addresses is not of the open web.</exception>
    public async ValueTask JudgeForProxyAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            Allowed([literal]);
            return;
        }

        try
        {
            foreach (IPAddress address in await ResolveAsync(host, resolver, cancellationToken))
            {
                Allowed([address]);
            }
        }
        catch (NameResolutionException)
        {
        }
    }

    /// <summary>Tries whether a host can be reached: looks it up afresh, connects, and says nothing.</summary>
    public async Task<ProbeAnswer> ProbeAsync(LinkHost host, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(connectTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            IHostResolver fresh = (resolver as CachingResolver)?.Inner ?? resolver;
            await using Stream connection = await ConnectToProbeAsync(host, fresh, either.Token);
            return ProbeAnswer.Connected;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return NetworkSignals.Of(FailureTable.OutcomeOf(e)).IsDenial() ? ProbeAnswer.Denied : ProbeAnswer.Silent;
        }
    }

    // A host does not say by what scheme it is asked: proxies commonly open tunnels to port 443 alone.
    private async ValueTask<Stream> ConnectToProbeAsync(LinkHost host, IHostResolver names, CancellationToken cancellationToken)
    {
        string scheme = host.Port == 443 ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        if (_proxies.Of(scheme, host.Name) is not { } proxy)
        {
            return await ConnectAsync(host.Name, host.Port, names, cancellationToken);
        }

        if (scheme == Uri.UriSchemeHttps || proxy.Kind is ProxyKind.Socks5 or ProxyKind.Socks5Names)
        {
            return await ConnectThroughAsync(proxy, host.Name, host.Port, names, cancellationToken);
        }

        Stream connection = await ConnectToAsync(proxy, cancellationToken);
        await ProxyTunnel.ProbeAsync(connection, proxy, host.Name, host.Port, cancellationToken);
        return connection;
    }

    /// <summary>A connection to a host that a proxy opens.</summary>
    private async ValueTask<Stream> ConnectThroughAsync(ProxyAddress proxy, string host, int port, IHostResolver names, CancellationToken cancellationToken)
    {
        IPAddress? address = IPAddress.TryParse(host, out IPAddress? literal) ? literal
            : proxy.Kind == ProxyKind.Socks5 ? Allowed(await ResolveAsync(host, names, cancellationToken))[0]
            : null;
        Stream connection = await ConnectToAsync(proxy, cancellationToken);
        try
        {
            if (proxy.Kind is ProxyKind.Socks5 or ProxyKind.Socks5Names)
            {
                await ProxyTunnel.ConnectBySocksAsync(connection, proxy, host, address, port, cancellationToken);
            }
            else
            {
                await ProxyTunnel.ConnectAsync(connection, proxy, host, port, cancellationToken);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection to a proxy. Its name is looked up each time: that it did not exist a while ago does not mean anything.</summary>
    private async ValueTask<Stream> ConnectToAsync(ProxyAddress proxy, CancellationToken cancellationToken)
    {
        using var share = new CancellationTokenSource(connectTimeout * 3 / 4);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
        try
        {
            IReadOnlyList<IPAddress> addresses = IPAddress.TryParse(proxy.Host, out IPAddress? literal)
                ? [literal]
                : await ResolveAsync(proxy.Host, (resolver as CachingResolver)?.Inner ?? resolver, either.Token);
            Stream connection = await ConnectAsync([.. addresses], proxy.Port, either.Token);
            return proxy.Kind == ProxyKind.Https ? await SecuredAsync(connection, proxy, either.Token) : connection;
        }
        catch (Exception e) when (FaultOf(e) is string fault)
        {
            throw new ProxyException(proxy, fault, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProxyException(proxy, "does not answer", e);
        }
    }

    private async ValueTask<Stream> SecuredAsync(Stream connection, ProxyAddress proxy, CancellationToken cancellationToken)
    {
        var secure = new SslStream(connection);
        try
        {
            var options = new SslClientAuthenticationOptions { TargetHost = proxy.Host };
            HttpStack.Secure(options, roots);
            await secure.AuthenticateAsClientAsync(options, cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private static string? FaultOf(Exception exception) => exception switch
    {
        NameResolutionException => "cannot be looked up",
        ConnectTimeoutException => "does not answer",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "refuses connections",
        SocketException => "cannot be reached",
        AuthenticationException e => $"cannot be trusted: {TlsFaults.NameOf(e)}",
        IOException => "breaks off the handshake",
        _ => null,
    };

    private async ValueTask<Stream> ConnectAsync(string host, int port, IHostResolver names, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPAddress> addresses = IPAddress.TryParse(host, out IPAddress? literal)
            ? [literal]
            : await ResolveAsync(host, names, cancellationToken);
        return await ConnectAsync(Allowed(addresses), port, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, IHostResolver names, CancellationToken cancellationToken)
    {
        if (LinkHost.IsLocal(host))
        {
            return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        }

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
