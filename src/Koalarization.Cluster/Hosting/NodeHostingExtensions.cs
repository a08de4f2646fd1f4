using Akka;
using Akka.Actor;
using Akka.Hosting;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Writing;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Hosting;

/// <summary>What every node has beside its stages.</summary>
internal static class NodeHostingExtensions
{
    /// <summary>Registers the node and handles its leaving: <c>/user/node</c>.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="services">What it works with.</param>
    /// <param name="coordinator">Finds the coordinator's proxy.</param>
    public static AkkaConfigurationBuilder AddNode(this AkkaConfigurationBuilder builder, NodeServices services, Func<IActorRegistry, IActorRef> coordinator) =>
        builder.WithActors((system, registry) =>
        {
            var cluster = Akka.Cluster.Cluster.Get(system);
            var registration = new JobsProtocol.RegisterNode
            {
                Owner = services.Stores.Owner,
                Address = cluster.SelfAddress.ToString(),
                Uid = cluster.SelfUniqueAddress.Uid,
                Roles = [.. cluster.SelfRoles.Where(NodeRoles.All.Contains).Order(StringComparer.Ordinal)],
                CodecFingerprint = services.CodecFingerprint,
                Features = NodeFeatures.Of(services),
                Version = services.Version,
                Device = services.Device,
                Store = services.StoreMark,
            };
            IActorRef proxy = coordinator(registry);
            ILogger log = services.Loggers.CreateLogger<NodeActor>();
            registry.Register<NodeActor>(system.ActorOf(
                Props.Create(() => new NodeActor(
                    registration, proxy, cluster, reason => CoordinatedShutdown.Get(system).Run(reason, null), log, services.Activity,
                    () => CoordinatedShutdown.Get(system).ShutdownReason != null || system.WhenTerminated.IsCompleted)), NodeActor.ActorName));
        });

    /// <summary>Watches the node's stages for probes: <c>/user/health</c>. To be added after them.</summary>
    public static AkkaConfigurationBuilder AddHealth(this AkkaConfigurationBuilder builder, NodeHealth health) =>
        builder.WithActors((system, registry) =>
        {
            var stages = new Dictionary<string, IActorRef>(StringComparer.Ordinal) { [NodeActor.ActorName] = registry.Get<NodeActor>() };
            Add<JobCoordinator>(NodeRoles.Control);
            Add<FetchNodeActor>(NodeRoles.Fetch);
            Add<EmbedderActor>(NodeRoles.Embed);
            Add<RecordWriter>(NodeRoles.Write);
            system.ActorOf(Props.Create(() => new NodeHealthActor(health, stages)), NodeHealthActor.ActorName);

            void Add<TStage>(string role)
            {
                if (registry.TryGet<TStage>(out IActorRef stage))
                {
                    stages.Add(role, stage);
                }
            }
        });

    /// <summary>
    /// Makes a control node keep the members' addresses (<c>/user/members</c>) and write that it lives (<c>/user/beats</c>), for nodes that are started again.
    /// </summary>
    /// <param name="builder">The node.</param>
    /// <param name="loggers">Its logs.</param>
    /// <param name="endpoint">The node; it has both files.</param>
    public static AkkaConfigurationBuilder AddMembers(this AkkaConfigurationBuilder builder, ILoggerFactory loggers, NodeEndpointOptions endpoint) =>
        builder.WithActors((system, registry) =>
        {
            var cluster = Akka.Cluster.Cluster.Get(system);
            SeedNodeFile book = endpoint.Members!;
            ControlBeatFiles beats = endpoint.Beats!;
            ILogger membersLog = loggers.CreateLogger<SeedNodeActor>(), beatsLog = loggers.CreateLogger<ControlBeatActor>();
            registry.Register<SeedNodeActor>(system.ActorOf(Props.Create(() => new SeedNodeActor(book.Write, cluster, membersLog)), SeedNodeActor.ActorName));
            registry.Register<ControlBeatActor>(system.ActorOf(Props.Create(() => new ControlBeatActor(beats, cluster, beatsLog)), ControlBeatActor.ActorName));
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "no-beat", () => Task.Run(() =>
            {
                beats.Remove();
                return Done.Instance;
            }));
        });
}
