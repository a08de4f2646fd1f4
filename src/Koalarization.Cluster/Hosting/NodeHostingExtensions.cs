using Akka;
using Akka.Actor;
using Akka.Hosting;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Membership;
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
                Props.Create(() => new NodeActor(registration, proxy, cluster, reason => CoordinatedShutdown.Get(system).Run(reason, null), log, services.Activity)), NodeActor.ActorName));
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
