using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport;

namespace Koalarization.Cluster.Tls;

/// <summary>
/// Akka's remoting over mutual TLS: frames of four bytes of length and that many bytes, as on TCP. It takes the settings of <c>akka.remote.dot-netty.tcp</c>, and what it
/// works with from <see cref="TlsSetup"/>.
/// </summary>
/// <remarks>
/// Akka's own transport ends the whole actor system when one outgoing handshake fails, as it does whenever a node is stopped or killed at the wrong moment, or another
/// process has come to its address. Here such a handshake is one association that failed, like a connection that is refused.
/// </remarks>
internal sealed class TlsTransport : Transport, IDisposable
{
    // Each holds a socket until its handshake ends; further ones wait in the backlog.
    private const int HandshakesAtOnce = 512;
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly TlsSetup _setup;
    private readonly string _hostName;
    private readonly int _port;
    private readonly string? _publicHostName;
    private readonly int _publicPort;
    private readonly int _backlog;
    private readonly TimeSpan _connectTimeout;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _handshakes = new(HandshakesAtOnce);
    private readonly ConcurrentDictionary<TlsAssociation, bool> _associations = new();
    private readonly TaskCompletionSource<IAssociationEventListener> _listener = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _server;
    private Address? _address;

    /// <summary>For Akka, which makes it by its name.</summary>
    public TlsTransport(ActorSystem system, Config config)
    {
        (System, Config) = (system, config);
        SchemeIdentifier = "ssl.tcp";
        MaximumPayloadBytes = config.GetByteSize("maximum-frame-size", def: null) ?? 128_000;
        _setup = system.Settings.Setup.Get<TlsSetup>().Value;
        _hostName = config.GetString("hostname", "");
        _port = config.GetInt("port", 0);
        _publicHostName = config.GetString("public-hostname", "") is { Length: > 0 } name ? name : null;
        _publicPort = config.GetInt("public-port", 0);
        _backlog = config.GetInt("backlog", 4096);
        _connectTimeout = config.GetTimeSpan("connection-timeout", TimeSpan.FromSeconds(5));
    }

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => true;

    /// <inheritdoc/>
    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        IPAddress address = IPAddress.TryParse(_hostName.Trim('[', ']'), out IPAddress? parsed) ? parsed
            : (await Dns.GetHostAddressesAsync(_hostName)).OrderBy(found => found.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First();
        _server = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.Equals(IPAddress.IPv6Any))
        {
            _server.DualMode = true;
        }

        _server.Bind(new IPEndPoint(address, _port));
        _server.Listen(_backlog);
        int port = _publicPort > 0 ? _publicPort : ((IPEndPoint)_server.LocalEndPoint!).Port;
        _address = new Address(SchemeIdentifier, System.Name, _publicHostName ?? HostOf(address), port);
        _ = AcceptAsync(_server);
        return (_address, _listener);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidAssociationException">The other node does not answer, or is not the one that was called.</exception>
    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        string host = remoteAddress.Host.Trim('[', ']'), called = $"{remoteAddress.Host}:{remoteAddress.Port}";
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        string? fault = null;
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            deadline.CancelAfter(_connectTimeout);
            await socket.ConnectAsync(host, remoteAddress.Port ?? 0, deadline.Token);
            deadline.CancelAfter(HandshakeTimeout);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ClientCertificateContext = _setup.Certificate.Context,
                    CertificateChainPolicy = NodeCertificate.NoOtherTrust(),
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                        (fault = _setup.Certificate.FaultOfCalled(certificate, chain, errors)) is null,
                },
                deadline.Token);
            return Associated(socket, stream, remoteAddress);
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            await CloseAsync(socket, stream);
            if (fault is not null || exception is AuthenticationException)
            {
                _setup.Refusals.Called(called, fault ?? "it does not speak TLS with this cluster's certificates");
            }

            throw new InvalidAssociationException($"{called} does not answer: {fault ?? exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public override async Task<bool> Shutdown()
    {
        await _end.CancelAsync();
        _server?.Dispose();
        await Task.WhenAll(_associations.Keys.Select(association => association.EndAsync()));
        return true;
    }

    /// <summary>Releases what a shutdown leaves.</summary>
    public void Dispose()
    {
        _end.Dispose();
        _handshakes.Dispose();
        _server?.Dispose();
    }

    private static string HostOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static async Task CloseAsync(Socket socket, SslStream? stream)
    {
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }

        socket.Dispose();
    }

    private async Task AcceptAsync(Socket server)
    {
        IAssociationEventListener listener = await _listener.Task;
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await _handshakes.WaitAsync(_end.Token);
                Socket socket;
                try
                {
                    socket = await server.AcceptAsync(_end.Token);
                }
                catch
                {
                    _handshakes.Release();
                    throw;
                }

                _ = WelcomeAsync(socket, listener);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The caller was gone again, or this process has no more files: there is room when others end.
                await Task.Delay(TimeSpan.FromMilliseconds(100), _setup.Time, CancellationToken.None);
            }
        }
    }

    private async Task WelcomeAsync(Socket socket, IAssociationEventListener listener)
    {
        string? fault = null;
        SslStream? stream = null;
        try
        {
            var caller = (IPEndPoint)socket.RemoteEndPoint!;
            socket.NoDelay = true;
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            deadline.CancelAfter(HandshakeTimeout);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
            try
            {
                await stream.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = _setup.Certificate.Context,
                        ClientCertificateRequired = true,
                        CertificateChainPolicy = NodeCertificate.NoOtherTrust(),
                        RemoteCertificateValidationCallback = (_, certificate, chain, _) => (fault = _setup.Certificate.FaultOfCaller(certificate, chain)) is null,
                    },
                    deadline.Token);
            }
            catch (Exception exception) when (exception is AuthenticationException || fault is not null)
            {
                _setup.Refusals.Caller(caller.ToString(), fault ?? "it does not speak TLS, or does not trust this node's certificate");
                throw;
            }

            var address = new Address(SchemeIdentifier, System.Name, HostOf(caller.Address), caller.Port);
            listener.Notify(new InboundAssociation(Associated(socket, stream, address)));
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            // A caller that says nothing or goes away again, such as a probe of the port, needs no line.
            await CloseAsync(socket, stream);
        }
        finally
        {
            _handshakes.Release();
        }
    }

    private TlsAssociation Associated(Socket socket, SslStream stream, Address remote)
    {
        var association = new TlsAssociation(_address!, remote, socket, stream, (int)MaximumPayloadBytes, ended => _associations.TryRemove(ended, out _));
        _associations[association] = true;
        association.Start();
        return association;
    }
}
