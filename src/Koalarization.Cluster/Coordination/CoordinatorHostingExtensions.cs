using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Writing;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Coordination;

/// <summary>The coordinator on control nodes, and its proxy on every node.</summary>
internal static class CoordinatorHostingExtensions
{
    /// <summary>Adds the coordinator, one in the cluster, on a node of role control, and its proxy: registry key <see cref="JobCoordinator"/>.</summary>
    /// <param name="builder">The actor system.</param>
    /// <param name="services">What the node works with.</param>
    /// <param name="store">The jobs and data sets on disk.</param>
    public static AkkaConfigurationBuilder AddCoordinator(this AkkaConfigurationBuilder builder, NodeServices services, IJobStore store)
    {
        var regions = new ConcurrentDictionary<string, IActorRef>(StringComparer.Ordinal);
        Func<ActorSystem, string, ICanTell> writersOf = (system, fingerprint) => regions.GetOrAdd(fingerprint, _ => WritersOf(system, fingerprint));
        ILogger log = services.Loggers.CreateLogger<JobCoordinator>();
        return builder.WithSingleton<JobCoordinator>(
            JobsProtocol.Name,
            (_, _, _) => Props.Create(() => new JobCoordinator(store, writersOf, Props.Create<ClusterMembershipActor>(), services.DownloadOptions, !services.IsAlone, services.Time, log, services.StoreMark)),
            new ClusterSingletonOptions { Role = NodeRoles.Control },
            createProxyToo: true);
    }

    /// <summary>Adds only the coordinator's proxy: registry key <see cref="JobCoordinator"/>.</summary>
    public static AkkaConfigurationBuilder AddCoordinatorProxy(this AkkaConfigurationBuilder builder) =>
        builder.WithSingletonProxy<JobCoordinator>(JobsProtocol.Name, new ClusterSingletonOptions { Role = NodeRoles.Control });

    // A node that writes has the region of its own JPEG library; for any other a proxy is made when it is needed.
    private static IActorRef WritersOf(ActorSystem system, string fingerprint)
    {
        ClusterSharding sharding = ClusterSharding.Get(system);
        string name = WriteRegion.NameOf(fingerprint);
        return sharding.ShardTypeNames.Contains(name)
            ? sharding.ShardRegion(name)
            : sharding.StartProxy(name, WriteRegion.RoleOf(fingerprint), new RecordMessageExtractor());
    }
}
