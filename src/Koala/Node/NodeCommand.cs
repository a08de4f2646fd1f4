using System.CommandLine;
using System.Net;
using Akka.Actor;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Tls;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Imaging;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Control;
using Koalarization.Koala.Download;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Node;

/// <summary><c>koala node --roles ROLES --store DIR</c>.</summary>
internal sealed partial class NodeCommand : KoalaCommand
{
    private readonly KoalaServices _services;
    private readonly NodeOptions _node = new();
    private readonly HttpOptions _http = new();
    private readonly TlsOptions _tls = new();
    private readonly LogOptions _log = new();
    private readonly FetchLimits _limits = new();
    private readonly NetworkOptions _network = new();
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Listen beyond loopback without TLS: whoever reaches the port controls the cluster" };
    private readonly Option<bool> _forbidPrivate = new("--forbid-private") { Description = "Take no job that fetches from loopback or private addresses" };

    public NodeCommand(TimeProvider time, KoalaServices services)
        : base("node", "Run a cluster node", time)
    {
        _services = services;
        _node.AddTo(this);
        _http.AddTo(this);
        _tls.AddTo(this);
        Add(_insecure);
        _limits.AddTo(this);
        Add(_forbidPrivate);
        _network.AddTo(this);
        _log.AddTo(this);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala node --roles control,fetch,embed,write --store /data    # all on one machine; then koala submit LINKS DATA",
        "export KOALA_TLS_CERT=node.pem KOALA_TLS_KEY=node.key KOALA_TLS_CA=ca.pem    # for the next three, each with its own",
        "koala node --roles control --store /nfs/sets --host 0.0.0.0 --public-host a.lan",
        "koala node --roles fetch --store /nfs/sets --host 0.0.0.0 --public-host b.lan --seed a.lan:8650",
        "koala node --roles embed,write --device cuda --store /nfs/sets --host 0.0.0.0 --public-host c.lan --seed a.lan:8650",
        "koala node --roles fetch --store /data --port 8651 --seed 127.0.0.1:8650    # a second node on this machine",
    ];

    /// <summary>A node first finishes or returns its work; <c>hocon/base.conf</c> bounds that.</summary>
    protected override TimeSpan ShutdownTimeout => TimeSpan.FromSeconds(60);

    protected override bool WritesLog => true;

    protected override int OpenFilesNeeded => OpenFiles.ForCluster;

    protected override IReporter? LogReporter(ParseResult arguments) => _log.Reporter(arguments, Time);

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        _log.RefuseTwoForms(arguments);
        FetchOptions fetch = _limits.Options(arguments);
        if (arguments.GetValue(_forbidPrivate) && fetch.AllowPrivate)
        {
            throw new UserErrorException("--allow-private and --forbid-private exclude each other; omit one.", ExitCode.UsageError);
        }

        if (_limits.GivenRules(arguments) is { Count: > 0 } rules)
        {
            reporter.Report(new Note(
                $"{string.Join(", ", rules)}: options of jobs, which this node uses only for rounds that an earlier version of koala began; give them to koala submit."));
        }

        NodeEndpointOptions endpoint = _node.Endpoint(arguments);
        TlsFiles? tls = _tls.Files(arguments);
        RefuseOpenPort(arguments, endpoint, tls);
        ControlEndpoint? http = _http.Endpoint(arguments, endpoint.Roles, isEncrypted: tls is not null, allowsPlain: arguments.GetValue(_insecure));
        IPEndPoint? probes = _node.Probes(arguments);
        if (endpoint.Roles.Contains(NodeRoles.Fetch))
        {
            FetchLimits.ReportProxies(fetch, reporter);
        }

        string root = _node.Store(arguments);
        var owner = new NodeOwner(OwnerScratch.NewName());
        string mark = await NodeChecks.EnsureStoreIsUsableAsync(root, owner);
        await NodeChecks.EnsurePortsAreFreeAsync(endpoint, http);
        if (probes is not null)
        {
            NodeChecks.EnsureProbesCanListen(probes);
        }

        // A pause of the store blocks pool threads; others must remain for the rest.
        ThreadPool.SetMinThreads(Math.Max(32, Environment.ProcessorCount * 4), Environment.ProcessorCount * 2);
        await using var log = new NodeLog(reporter, Time);
        bool debug = arguments.GetValue(CommonOptions.Debug);
        using ILoggerFactory loggers = NodeLog.Factory(log, debug);
        using NodeCertificate? certificate = Certificate(tls, endpoint, loggers);
        endpoint = endpoint with { SystemName = StoreIdentity.SystemNameOf(mark), Certificate = certificate };
        using var stores = new NodeStores(root, owner) { BeforeName = _services.BeforeName };
        using LinkFetcher? fetcher = endpoint.Roles.Contains(NodeRoles.Fetch)
            ? new LinkFetcher(fetch, check: null, _services.Resolver, Time)
            : null;
        await using Network? network = endpoint.Roles.Contains(NodeRoles.Embed) ? await _network.ResolveAsync(arguments, reporter, Time, cancellation) : null;
        NodeServices nodeServices = Services(arguments, stores, fetcher, loggers, reporter) with
        {
            StoreMark = mark,
            Device = network?.Device,
            Devices = network is null
                ? []
                : [.. network.Devices.Select(device => (Func<Task<IInferenceDevice>>)(async () => _services.Device(await InferenceDevice.StartAsync(network, device))))],
        };
        using IHost host = NodeHost.Build(
            endpoint, nodeServices, http is { IsLocal: false } ? http with { Certificate = certificate } : http, probes, _node.Sources(arguments), reporter);
        return await RunAsync(host, endpoint, root, reporter, cancellation);
    }

    private async Task<int> RunAsync(IHost host, NodeEndpointOptions endpoint, string root, IReporter reporter, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
            reporter.Report(NodeHost.Started(host, endpoint));
            if (endpoint.Certificate is null && !Listening.IsLoopback(endpoint.Host))
            {
                reporter.Report(new Note($"Port {endpoint.Port} is open to the network without TLS (--insecure): whoever reaches it controls the cluster and this account's files."));
            }

            ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
            _services.Started?.Invoke(system);
            _ = JoinWatch.RunAsync(system, NodeHost.WithMembers(endpoint, root), reporter, Time, cancellation);
            IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
            using CancellationTokenRegistration registration = cancellation.Register(lifetime.StopApplication);
            await host.WaitForShutdownAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await host.StopAsync(CancellationToken.None);
        }

        int code = NodeExit.Of(CoordinatedShutdown.Get(host.Services.GetRequiredService<ActorSystem>()).ShutdownReason);
        reporter.Report(new NodeEnded(code));
        return code;
    }

    private void RefuseOpenPort(ParseResult arguments, NodeEndpointOptions endpoint, TlsFiles? tls)
    {
        if (tls is null && !arguments.GetValue(_insecure) && !Listening.IsLoopback(endpoint.Host))
        {
            throw new UserErrorException(
                $"--host {endpoint.Host} opens this node to the network, and without TLS whoever reaches its port controls the cluster and this account's files; give --tls-cert, --tls-key and --tls-ca, or --insecure where no one else can reach it.",
                ExitCode.UsageError);
        }
    }

    private NodeCertificate? Certificate(TlsFiles? files, NodeEndpointOptions endpoint, ILoggerFactory loggers)
    {
        ILogger log = loggers.CreateLogger(nameof(NodeCertificate));
        return files is null ? null : NodeCertificate.Load(files, endpoint.PublicHost ?? endpoint.Host, Time, sentence => Unreadable(log, sentence));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private static partial void Unreadable(ILogger log, string sentence);

    private NodeServices Services(ParseResult arguments, NodeStores stores, LinkFetcher? fetcher, ILoggerFactory loggers, IReporter reporter)
    {
        IJpegCodec codec = CodecChoice.Choose(reporter, _services);
        var activity = new NodeActivity();
        return new NodeServices
        {
            Activity = activity,
            Version = typeof(NodeCommand).Assembly.GetName().Version?.ToString(3),
            Stores = stores,
            Codec = codec,
            CodecFingerprint = CodecFingerprint.Compute(codec),
            MaxPixels = _limits.MaxPixels(arguments),
            Fetcher = fetcher,
            DownloadOptions = _limits.DownloadOptions(arguments, reporter),
            ForbidsPrivate = arguments.GetValue(_forbidPrivate),
            Listener = new NodeEventReporter(reporter, loggers.CreateLogger<NodeEventReporter>(), activity),
            Time = Time,
            Loggers = loggers,
        };
    }
}
