using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using Koalarization.Cluster.Embedding;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Hosting;

/// <summary>The embedding stage of a node.</summary>
internal static class EmbedHostingExtensions
{
    private static int _clients;

    /// <summary>Role embed: <c>/user/embedder</c>. Leaving, it serves what it has; the devices go with the actor system.</summary>
    public static AkkaConfigurationBuilder AddEmbedNode(this AkkaConfigurationBuilder builder, NodeServices services) =>
        builder.WithActors((system, registry) =>
        {
            var cluster = Akka.Cluster.Cluster.Get(system);
            var pool = new DevicePool(services.Devices, services.Stores.Owner);
            Func<IEnumerable<Address>> writeNodes = () => WriteNodes(cluster.State);
            IActorRef embedder = system.ActorOf(
                Props.Create(() => new EmbedderActor(services, pool, writeNodes, services.Loggers.CreateLogger<EmbedderActor>())), EmbedProtocol.EmbedderName);
            registry.Register<EmbedderActor>(embedder);
            cluster.RegisterOnMemberUp(() => embedder.Tell(EmbedderActor.Announce.Instance));

            var shutdown = CoordinatedShutdown.Get(system);
            TimeSpan timeout = shutdown.Timeout(CoordinatedShutdown.PhaseBeforeServiceUnbind);
            shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "embedder", async () =>
            {
                // What is left just before the phase ends is rejected, and goes to others.
                await embedder.Ask<EmbedderActor.Left>(new EmbedderActor.PrepareToLeave(timeout * 0.8), timeout);
                return Akka.Done.Instance;
            });
            shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "devices", async () =>
            {
                await pool.DisposeAsync();
                return Akka.Done.Instance;
            });
        });

    /// <summary>Role write: <c>/user/embed</c>, the router, and <c>/user/embed-client</c>, which writers ask for logits.</summary>
    public static AkkaConfigurationBuilder AddEmbedClient(this AkkaConfigurationBuilder builder, NodeServices services) =>
        builder.WithActors((system, registry) =>
        {
            IActorRef router = system.ActorOf(EmbedRouter.Props(Akka.Cluster.Cluster.Get(system).SelfAddress), EmbedProtocol.RouterName);
            Func<string> nextName = () => $"{services.Stores.Owner}/{Interlocked.Increment(ref _clients)}";
            registry.Register<EmbedClient>(system.ActorOf(
                Props.Create(() => new EmbedClient(nextName, router, services.Loggers.CreateLogger<EmbedClient>())), EmbedProtocol.ClientName));
        });

    // Members that leave have no use for a window any more: a node's records are finished, or abandoned, before it leaves the cluster.
    private static IEnumerable<Address> WriteNodes(ClusterEvent.CurrentClusterState state) =>
        state.Members
            .Where(member => member.Status is MemberStatus.Up or MemberStatus.WeaklyUp && member.HasRole(NodeRoles.Write) && !state.Unreachable.Contains(member))
            .Select(member => member.Address);
}
