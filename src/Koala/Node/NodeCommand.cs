using System.CommandLine;
using System.Net;
using Akka.Actor;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Imaging;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Download;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Node;

/// <summary><c>koala node --roles ROLES --store DIR</c>.</summary>
internal sealed class NodeCommand : KoalaCommand
{
    private readonly KoalaServices _services;
    private readonly NodeOptions _node = new();
    private readonly FetchLimits _limits = new();
    private readonly NetworkOptions _network = new();
    private readonly Option<bool> _forbidPrivate = new("--forbid-private") { Description = "Take no job that fetches from loopback or private addresses" };

    public NodeCommand(TimeProvider time, KoalaServices services)
        : base("node", "Run a cluster node", time)
    {
        _services = services;
        _node.AddTo(this);
        _limits.AddTo(this);
        Add(_forbidPrivate);
        _network.AddTo(this);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala node --roles control,fetch,embed,write --store /data    # all on one machine; then koala submit LINKS DATA",
        "koala node --roles control --store /nfs/sets --host 0.0.0.0 --public-host a.lan",
        "koala node --roles fetch --store /nfs/sets --host 0.0.0.0 --public-host b.lan --seed a.lan:8650",
        "koala node --roles embed,write --device cuda --store /nfs/sets --host 0.0.0.0 --public-host c.lan --seed a.lan:8650",
        "koala node --roles fetch --store /data --port 8651 --seed 127.0.0.1:8650    # a second node on this machine",
    ];

    /// <summary>A node first finishes or returns its work; <c>hocon/base.conf</c> bounds that.</summary>
    protected override TimeSpan ShutdownTimeout => TimeSpan.FromSeconds(60);

    protected override bool WritesLog => true;

    protected override int OpenFilesNeeded => OpenFiles.ForCluster;

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
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
        int? http = _node.Http(arguments, endpoint);
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
        using var stores = new NodeStores(root, owner) { BeforeName = _services.BeforeName };
        using LinkFetcher? fetcher = endpoint.Roles.Contains(NodeRoles.Fetch)
            ? new LinkFetcher(fetch, check: null, _services.Resolver, Time)
            : null;
        await using Network? network = endpoint.Roles.Contains(NodeRoles.Embed) ? await _network.ResolveAsync(arguments, reporter, Time, cancellation) : null;
        NodeServices nodeServices = Services(arguments, stores, fetcher, loggers, reporter) with
        {
            StoreMark = mark,
            Device = network?.Device,
            Devices = network is null ? [] : [async () => _services.Device(await InferenceDevice.StartAsync(network))],
        };
        using IHost host = NodeHost.Build(endpoint, nodeServices, http, probes, reporter);
        return await RunAsync(host, endpoint, root, reporter, cancellation);
    }

    private async Task<int> RunAsync(IHost host, NodeEndpointOptions endpoint, string root, IReporter reporter, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
            reporter.Report(NodeHost.Started(host, endpoint));
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
