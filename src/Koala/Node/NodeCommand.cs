using System.CommandLine;
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
using Koalarization.Koala.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Node;

/// <summary><c>koala node --roles ROLES --store DIR</c>.</summary>
internal sealed class NodeCommand : KoalaCommand
{
    private readonly KoalaServices _parts;
    private readonly NodeOptions _node = new();
    private readonly FetchLimits _limits = new();
    private readonly NetworkOptions _network = new();

    public NodeCommand(TimeProvider time, KoalaServices parts)
        : base("node", "Be one node of a cluster, until it is told to leave", time)
    {
        _parts = parts;
        _node.AddTo(this);
        _limits.AddTo(this);
        _network.AddTo(this);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala node --roles control,fetch,embed,write --store /data    # all on one machine; koala submit LINKS NAME gives it work",
        "koala node --roles control --store /nfs/sets --host 0.0.0.0 --public-host a.lan",
        "koala node --roles fetch --store /nfs/sets --host 0.0.0.0 --public-host b.lan --seed a.lan:8650",
        "koala node --roles embed,write --device cuda --store /nfs/sets --host 0.0.0.0 --public-host c.lan --seed a.lan:8650",
        "koala node --roles fetch --store /data --port 8651 --seed 127.0.0.1:8650    # another one on this machine",
    ];

    /// <summary>What a node has in hand it finishes or hands back first; <c>hocon/base.conf</c> bounds that.</summary>
    public override TimeSpan LeavesWithin => TimeSpan.FromSeconds(60);

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        NodeEndpointOptions place = _node.Place(arguments);
        int? http = _node.Http(arguments, place);
        string root = _node.Store(arguments);
        var owner = new NodeOwner(OwnerScratch.NewName());
        await NodeChecks.EnsureStoreIsFitAsync(root, owner);
        await NodeChecks.EnsurePortIsFreeAsync(place);

        // A pause of the store holds up threads of .NET's pool; others go on meanwhile.
        ThreadPool.SetMinThreads(Math.Max(32, Environment.ProcessorCount * 4), Environment.ProcessorCount * 2);
        await using var log = new NodeLog(reporter, Time);
        bool debug = arguments.GetValue(CommonOptions.Debug);
        using ILoggerFactory loggers = NodeLog.Factory(log, debug);
        using var stores = new NodeStores(root, owner) { BeforeName = _parts.BeforeName };
        using LinkFetcher? fetcher = place.Roles.Contains(NodeRoles.Fetch)
            ? new LinkFetcher(_limits.Options(arguments), check: null, _parts.Resolver, Time)
            : null;
        await using Network? network = place.Roles.Contains(NodeRoles.Embed) ? await _network.ResolveAsync(arguments, reporter, Time, cancellation) : null;
        NodeServices parts = Parts(arguments, stores, fetcher, loggers, reporter) with
        {
            Devices = network is null ? [] : [async () => _parts.Device(await InferenceDevice.StartAsync(network))],
        };
        using IHost host = NodeHost.Build(place, parts, http, reporter);
        return await RunAsync(host, place, reporter, cancellation);
    }

    private async Task<int> RunAsync(IHost host, NodeEndpointOptions place, IReporter reporter, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
            reporter.Report(NodeHost.Started(host, place));
            _parts.Started?.Invoke(host.Services.GetRequiredService<ActorSystem>());
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

    private NodeServices Parts(ParseResult arguments, NodeStores stores, LinkFetcher? fetcher, ILoggerFactory loggers, IReporter reporter)
    {
        IJpegCodec codec = CodecChoice.Announce(reporter, _parts);
        return new NodeServices
        {
            Stores = stores,
            Codec = codec,
            CodecFingerprint = CodecFingerprint.Compute(codec),
            MaxPixels = _limits.MaxPixels(arguments),
            Fetcher = fetcher,
            Harvest = _limits.Harvest(arguments),
            Listener = new NodeEventReporter(reporter, loggers.CreateLogger<NodeEventReporter>()),
            Time = Time,
            Loggers = loggers,
        };
    }
}
