using Akka;
using Akka.Actor;
using Akka.Hosting;
using Koalarization.Cluster.Fetching;

namespace Koalarization.Cluster.Hosting;

/// <summary>Fetching and resizing on a node.</summary>
internal static class FetchHostingExtensions
{
    /// <summary>Makes the node fetch: <c>/user/fetch</c>, which is emptied before the node leaves.</summary>
    /// <param name="builder">The node; it has the dispatcher <c>koala.resize-dispatcher</c>.</param>
    /// <param name="services">What it works with, a fetcher among it.</param>
    /// <param name="coordinator">Finds the coordinator's proxy.</param>
    /// <param name="drainTimeout">How long slices have to end when the node drains; null: <see cref="DrainState.DefaultTimeout"/>.</param>
    public static AkkaConfigurationBuilder AddFetchNode(
        this AkkaConfigurationBuilder builder,
        NodeServices services,
        Func<IActorRegistry, IActorRef> coordinator,
        TimeSpan? drainTimeout = null) =>
        builder.WithActors((system, registry, _) =>
        {
            TimeSpan drainPatience = drainTimeout ?? DrainState.DefaultTimeout;
            IActorRef node = system.ActorOf(Props.Create(() => new FetchNodeActor(services, coordinator(registry), drainPatience)), FetchProtocol.Name);
            registry.Register<FetchNodeActor>(node);
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "fetch-node-empties", async () =>
            {
                // The phase's own time is the bound. What is not handed back by then others get when this node is gone.
                await node.Ask<LinkProtocol.NodeIsEmpty>(LinkProtocol.EmptyNode.Instance, Timeout.InfiniteTimeSpan);
                return Done.Instance;
            });
        });
}
