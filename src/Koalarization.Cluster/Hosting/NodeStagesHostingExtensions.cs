using Akka.Actor;
using Akka.Hosting;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Writing;

namespace Koalarization.Cluster.Hosting;

/// <summary>A node of any roles: its stages, in the order in which they need each other.</summary>
internal static class NodeStagesHostingExtensions
{
    /// <summary>Adds what the roles ask for, and what every node has.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="services">What it works with.</param>
    /// <param name="store">The coordinator's jobs and data sets on disk; needed for role control only.</param>
    public static AkkaConfigurationBuilder AddStages(
        this AkkaConfigurationBuilder builder, IReadOnlyList<string> roles, NodeServices services, IJobStore? store)
    {
        if (roles.Contains(NodeRoles.Control))
        {
            builder.AddCoordinator(services, store ?? throw new ArgumentNullException(nameof(store)));
        }
        else
        {
            builder.AddCoordinatorProxy();
        }

        builder.AddNode(services, CoordinatorOf);
        if (roles.Contains(NodeRoles.Embed))
        {
            builder.AddEmbedNode(services);
        }

        if (roles.Contains(NodeRoles.Write))
        {
            builder.AddEmbedClient(services).AddWriteNode(services, CoordinatorOf);
        }

        // No other node could continue what the only node hands back.
        if (roles.Contains(NodeRoles.Fetch))
        {
            builder.AddFetchNode(services, CoordinatorOf, services.IsAlone ? TimeSpan.Zero : null);
        }

        return builder.WithActors((_, registry) => WatchStages(registry));
    }

    private static void WatchStages(IActorRegistry registry)
    {
        IActorRef node = registry.Get<NodeActor>();
        Watch<JobCoordinator>();
        Watch<EmbedderActor>();
        Watch<EmbedClient>();
        Watch<RecordWriter>();
        Watch<FetchNodeActor>();

        void Watch<TStage>()
        {
            if (registry.TryGet<TStage>(out IActorRef stage))
            {
                node.Tell(new NodeActor.WatchStage(stage));
            }
        }
    }

    private static IActorRef CoordinatorOf(IActorRegistry registry) => registry.Get<JobCoordinator>();
}
