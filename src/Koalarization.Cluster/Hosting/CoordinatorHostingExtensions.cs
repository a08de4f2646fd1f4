using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

/// <summary>The coordinator on control nodes, and the way to it on every node.</summary>
internal static class CoordinatorHostingExtensions
{
    /// <summary>Adds the coordinator, handed over between the nodes of role control, and the way to it: registry key <see cref="JobCoordinator"/>.</summary>
    /// <param name="builder">The actor system.</param>
    /// <param name="parts">What the node is made of.</param>
    /// <param name="desk">The coordinator's work on disk.</param>
    public static AkkaConfigurationBuilder AddCoordinator(this AkkaConfigurationBuilder builder, NodeParts parts, IJobDesk desk)
    {
        var regions = new ConcurrentDictionary<string, IActorRef>(StringComparer.Ordinal);
        var made = new CoordinatorParts
        {
            Desk = desk,
            Records = (system, fingerprint) => regions.GetOrAdd(fingerprint, _ => Records(system, fingerprint)),
            Harvest = parts.Harvest,
            Time = parts.Time,
            Log = parts.Loggers.CreateLogger<JobCoordinator>(),
        };
        return builder.WithSingleton<JobCoordinator>(
            JobsProtocol.Name, (_, _, _) => Props.Create(() => new JobCoordinator(made)), new ClusterSingletonOptions { Role = NodeRoles.Control }, createProxyToo: true);
    }

    /// <summary>Adds only the way to the coordinator: registry key <see cref="JobCoordinator"/>.</summary>
    public static AkkaConfigurationBuilder AddCoordinatorProxy(this AkkaConfigurationBuilder builder) =>
        builder.WithSingletonProxy<JobCoordinator>(JobsProtocol.Name, new ClusterSingletonOptions { Role = NodeRoles.Control });

    // A node that writes has the region of its own JPEG library; of any other a proxy is made when a record is for it.
    private static IActorRef Records(ActorSystem system, string fingerprint)
    {
        ClusterSharding sharding = ClusterSharding.Get(system);
        string name = WriteRegion.NameOf(fingerprint);
        return sharding.ShardTypeNames.Contains(name)
            ? sharding.ShardRegion(name)
            : sharding.StartProxy(name, WriteRegion.RoleOf(fingerprint), new RecordMessageExtractor());
    }
}
