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
            };
            IActorRef proxy = coordinator(registry);
            ILogger log = services.Loggers.CreateLogger<NodeActor>();
            registry.Register<NodeActor>(system.ActorOf(
                Props.Create(() => new NodeActor(
                    registration, proxy, cluster, reason => CoordinatedShutdown.Get(system).Run(reason, null), log,
                    () => CoordinatedShutdown.Get(system).ShutdownReason != null || system.WhenTerminated.IsCompleted)), NodeActor.ActorName));
        });

    /// <summary>Makes a control node keep the members' addresses: <c>/user/members</c>.</summary>
    public static AkkaConfigurationBuilder AddMembers(this AkkaConfigurationBuilder builder, NodeServices services, SeedNodeFile book) =>
        builder.WithActors((system, registry) =>
        {
            ILogger log = services.Loggers.CreateLogger<SeedNodeActor>();
            registry.Register<SeedNodeActor>(system.ActorOf(
                Props.Create(() => new SeedNodeActor(book.Write, Akka.Cluster.Cluster.Get(system), log)), SeedNodeActor.ActorName));
        });
}
