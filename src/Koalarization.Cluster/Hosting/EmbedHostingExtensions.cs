using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

/// <summary>The embedding stage of a node.</summary>
internal static class EmbedHostingExtensions
{
    private static int _clients;

    /// <summary>Role embed: <c>/user/embedder</c>. Leaving, it serves what it has; the devices go with the actor system.</summary>
    public static AkkaConfigurationBuilder AddEmbedNode(this AkkaConfigurationBuilder builder, NodeParts parts) =>
        builder.WithActors((system, registry) =>
        {
            var rack = new DeviceRack(parts.Devices, parts.Stores.Owner);
            IActorRef embedder = system.ActorOf(
                Props.Create(() => new EmbedderActor(parts, rack, parts.Loggers.CreateLogger<EmbedderActor>())), EmbedProtocol.EmbedderName);
            registry.Register<EmbedderActor>(embedder);

            var shutdown = CoordinatedShutdown.Get(system);
            TimeSpan patience = shutdown.Timeout(CoordinatedShutdown.PhaseBeforeServiceUnbind);
            shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "embedder", async () =>
            {
                // Whoever waits for what is left then is told so, just before the phase ends.
                await embedder.Ask<EmbedderActor.Left>(new EmbedderActor.PrepareToLeave(patience * 0.8), patience);
                return Akka.Done.Instance;
            });
            shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "devices", async () =>
            {
                await rack.DisposeAsync();
                return Akka.Done.Instance;
            });
        });

    /// <summary>Role write: <c>/user/embed</c>, the router, and <c>/user/embed-client</c>, whom writers ask.</summary>
    public static AkkaConfigurationBuilder AddEmbedClient(this AkkaConfigurationBuilder builder, NodeParts parts) =>
        builder.WithActors((system, registry) =>
        {
            IActorRef router = system.ActorOf(EmbedRouter.Props(Akka.Cluster.Cluster.Get(system).SelfAddress), EmbedProtocol.RouterName);
            Func<string> nextName = () => $"{parts.Stores.Owner}/{Interlocked.Increment(ref _clients)}";
            registry.Register<EmbedClient>(system.ActorOf(
                Props.Create(() => new EmbedClient(nextName, router, parts.Loggers.CreateLogger<EmbedClient>())), EmbedProtocol.ClientName));
        });
}
