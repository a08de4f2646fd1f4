using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Specs.Hosting;
using Koalarization.Cluster.Tls;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Pipeline.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Koalarization.Cluster.Specs.Tls;

/// <summary>Nodes that speak TLS, and processes that have no certificate of theirs.</summary>
public sealed class MutualTlsSpecs : TestKit, IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder _folder = new();
    private readonly List<NodeCertificate> _certificates = [];
    private readonly List<KoalaNode> _nodes = [];
    private TestAuthority _ours = null!;
    private TestAuthority _theirs = null!;
    private KoalaNode _first = null!;

    public async Task InitializeAsync()
    {
        (_ours, _theirs) = (new TestAuthority(_folder.Path, "ours"), new TestAuthority(_folder.Path, "theirs"));
        _first = await StartAsync(_ours.Sign());
        await AwaitAssertAsync(() => Assert.Single(_first.UpPorts), Timeout, Interval);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        foreach (KoalaNode node in _nodes)
        {
            await node.DisposeAsync();
        }

        _certificates.ForEach(certificate => certificate.Dispose());
        _ours.Dispose();
        _theirs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nodes_with_certificates_of_one_authority_are_a_cluster_and_others_are_no_part_of_it()
    {
        KoalaNode clear = await StartAsync(files: null, seed: _first), stranger = await StartAsync(_theirs.Sign(), seed: _first);
        KoalaNode second = await StartAsync(_ours.Sign(), seed: _first);
        await AwaitAssertAsync(() => Assert.Equal((2, 2), (_first.UpPorts.Count, second.UpPorts.Count)), Timeout, Interval);

        Assert.Equal((0, 0), (clear.UpPorts.Count, stranger.UpPorts.Count));
        await AwaitAssertAsync(() => Assert.Contains(stranger.Warnings, line => line.StartsWith($"{_first.Address} is not spoken to", StringComparison.Ordinal)), Timeout, Interval);
    }

    [Fact]
    public async Task A_process_without_a_certificate_or_with_that_of_another_authority_gets_one_line_and_nothing_else()
    {
        using X509Certificate2 of = X509Certificate2.CreateFromPemFile(_theirs.Sign().Certificate, _folder["theirs-1.key"]);
        for (int tries = 0; tries < 3; tries++)
        {
            Assert.True(await IsRefusedAsync(certificate: null));
            Assert.True(await IsRefusedAsync(of));
        }

        KoalaNode second = await StartAsync(_ours.Sign(), seed: _first);
        await AwaitAssertAsync(() => Assert.Equal(2, _first.UpPorts.Count), Timeout, Interval);
        Assert.Single(second.UpPorts.Except(_first.UpPorts).Append(0));
        Assert.True(_first.Warnings.Count() == 2, string.Join('\n', _first.Warnings));
    }

    [Fact]
    public async Task Bytes_that_are_no_TLS_get_one_line()
    {
        for (int tries = 0; tries < 3; tries++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", _first.Cluster.SelfAddress.Port!.Value);
            await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            while (await socket.GetStream().ReadAsync(new byte[1000]) > 0)
            {
            }
        }

        KoalaNode second = await StartAsync(_ours.Sign(), seed: _first);
        await AwaitAssertAsync(() => Assert.Equal(2, second.UpPorts.Count), Timeout, Interval);
        Assert.True(_first.Warnings.Count() == 1, string.Join('\n', _first.Warnings));
    }

    [Fact]
    public async Task A_node_that_is_called_by_a_name_that_it_has_no_certificate_for_gets_no_answer()
    {
        KoalaNode named = await StartAsync(_ours.Sign("localhost"), seed: null, host: "localhost");
        KoalaNode caller = await StartAsync(_ours.Sign(), seed: null, seedAddress: named.Address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal));

        await AwaitAssertAsync(() => Assert.Contains(caller.Warnings, line => line.Contains("is not for that name", StringComparison.Ordinal)), Timeout, Interval);
        Assert.Empty(caller.UpPorts);
    }

    [Fact]
    public async Task An_address_where_another_process_answers_or_none_costs_a_node_nothing()
    {
        using var garbage = new TcpListener(System.Net.IPAddress.Loopback, 0);
        garbage.Start();
        int port = ((System.Net.IPEndPoint)garbage.LocalEndpoint).Port;
        Task<TcpClient> called = garbage.AcceptTcpClientAsync();
        _first.System.ActorSelection($"akka.ssl.tcp://koala@127.0.0.1:{port}/user/x").Tell(new JobsProtocol.GetJobs());
        using (TcpClient client = await called.WaitAsync(Timeout))
        {
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        }

        await AwaitAssertAsync(() => Assert.Contains(_first.Warnings, line => line.StartsWith($"127.0.0.1:{port} is not spoken to", StringComparison.Ordinal)), Timeout, Interval);
        KoalaNode second = await StartAsync(_ours.Sign(), seed: _first);
        await AwaitAssertAsync(() => Assert.Equal(2, second.UpPorts.Count), Timeout, Interval);
    }

    [Fact]
    public async Task A_node_shows_its_renewed_certificate_to_who_comes_next_and_stays_with_those_that_it_has()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        TlsFiles files = _ours.Sign(), renewed = _ours.Sign();
        KoalaNode node = await StartAsync(files, seed: _first, time: time);
        await AwaitAssertAsync(() => Assert.Equal(2, _first.UpPorts.Count), Timeout, Interval);
        Assert.Equal(ThumbprintOf(files), await ShownByAsync(node));

        File.Copy(renewed.Certificate, files.Certificate, overwrite: true);
        File.Copy(renewed.Key, files.Key, overwrite: true);
        time.Advance(NodeCertificate.ReadAgainAfter);
        Assert.Equal(ThumbprintOf(renewed), await ShownByAsync(node));
        KoalaNode third = await StartAsync(_ours.Sign(), seed: _first);
        await AwaitAssertAsync(() => Assert.Equal((3, 3, 3), (_first.UpPorts.Count, node.UpPorts.Count, third.UpPorts.Count)), Timeout, Interval);
    }

    [Fact]
    public async Task A_process_with_a_certificate_of_the_cluster_builds_no_type_and_its_forged_messages_are_not_read()
    {
        ConcurrentQueue<object> heard = [];
        _first.System.ActorOf(Props.Create(() => new Listener(heard)), "listener");
        using NodeCertificate stolen = NodeCertificate.Load(_ours.Sign(), "127.0.0.1", TimeProvider.System, _ => { });
        string config = """
            akka {
              actor {
                provider = remote
                serializers.koala = "Koalarization.Cluster.Wire.KoalaSerializer, Koalarization.Cluster"
                serialization-bindings { "Koalarization.Cluster.Wire.IWireMessage, Koalarization.Cluster" = koala }
              }
              remote.dot-netty.tcp {
                hostname = 127.0.0.1
                port = 0
                transport-class = "Koalarization.Cluster.Tls.TlsTransport, Koalarization.Cluster"
              }
              loglevel = OFF
              stdout-loglevel = OFF
            }
            """;
        using ActorSystem rogue = ActorSystem.Create("rogue", BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(config))
            .And(new TlsSetup(stolen, new RefusalLog(NullLogger.Instance, TimeProvider.System), TimeProvider.System)));
        ActorSelection listener = rogue.ActorSelection($"{_first.Cluster.SelfAddress}/user/listener");

        listener.Tell(new Version(1, 2));
        var owner = new NodeOwner("rogue");
        var slice = new SliceId(new JobId("birds"), 1, 0);
        listener.Tell(new FetchProtocol.SliceResolved(slice, owner, -1, new Dictionary<string, int>()));
        listener.Tell(new FetchProtocol.SliceResolved(slice with { Round = -1 }, owner, 1, new Dictionary<string, int>()));
        listener.Tell(new FetchProtocol.SliceResolved(slice, owner, 1, new Dictionary<string, int> { ["kept"] = -5 }));
        listener.Tell(new WriteProtocol.RecordCommitted(new RecordId(new JobId("birds"), -1), owner, 1, 0, 1, ""));
        foreach (string data in (string[])["/abs", "../x", "a/../../x", ".koala", "a/.koala/tmp", "", "a//b", "a\nb", new string('x', 300)])
        {
            listener.Tell(new FetchProtocol.SliceLeased { Slice = slice, Epoch = 1, Data = data, Until = JobEnd.Records, IsSandboxed = false, Ended = [] });
            listener.Tell(new WriteProtocol.WriteRecord(new RecordId(new JobId("birds"), 0), 1, data, 1, 0, 0, 0, 1));
        }

        listener.Tell(new JobsProtocol.GetJobs());
        await AwaitAssertAsync(() => Assert.NotEmpty(heard), Timeout, Interval);
        Assert.IsType<JobsProtocol.GetJobs>(Assert.Single(heard));
        Assert.Single(_first.UpPorts);
    }

    private async Task<bool> IsRefusedAsync(X509Certificate2? certificate)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _first.Cluster.SelfAddress.Port!.Value);
        using var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
            });
            return await stream.ReadAsync(new byte[1]) == 0;
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException)
        {
            return true;
        }
    }

    private static string ThumbprintOf(TlsFiles files)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(files.Certificate);
        return certificate.Thumbprint;
    }

    private static async Task<string?> ShownByAsync(KoalaNode node)
    {
        string? shown = null;
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", node.Cluster.SelfAddress.Port!.Value);
        using var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => (shown = ((X509Certificate2)certificate!).Thumbprint) is null);
        await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(() => stream.AuthenticateAsClientAsync("127.0.0.1"));
        return shown;
    }

    private async Task<KoalaNode> StartAsync(TlsFiles? files, KoalaNode? seed = null, string host = "127.0.0.1", string? seedAddress = null, TimeProvider? time = null)
    {
        NodeCertificate? certificate = files is null ? null : NodeCertificate.Load(files, host, time ?? TimeProvider.System, _ => { });
        if (certificate is not null)
        {
            _certificates.Add(certificate);
        }

        KoalaNode node = await KoalaNode.StartAsync(new NodeEndpointOptions
        {
            Roles = [seed is null && seedAddress is null ? NodeRoles.Control : NodeRoles.Fetch],
            Host = host,
            Port = 0,
            Seeds = seed is not null ? [seed.Address] : seedAddress is not null ? [seedAddress] : [],
            Certificate = certificate,
        });
        _nodes.Add(node);
        return node;
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(ConcurrentQueue<object> heard) => ReceiveAny(heard.Enqueue);
    }
}
