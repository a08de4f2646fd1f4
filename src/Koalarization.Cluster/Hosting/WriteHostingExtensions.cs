using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Writing;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Hosting;

/// <summary>Writers of records on a node.</summary>
internal static class WriteHostingExtensions
{
    /// <summary>
    /// Makes the node write records: the shard region <see cref="WriteRegion"/> of its JPEG library (registry key <see cref="RecordWriter"/>). The client that gets their logits
    /// (<see cref="EmbedHostingExtensions.AddEmbedClient"/>) is added before. A node that leaves ends what is nearly done in the phase <c>cluster-sharding-shutdown-region</c>, which must last longer than
    /// <see cref="RecordWriter.LeaveTimeout"/>.
    /// </summary>
    /// <param name="builder">The node.</param>
    /// <param name="services">What it works with.</param>
    /// <param name="coordinator">Finds the coordinator's proxy.</param>
    public static AkkaConfigurationBuilder AddWriteNode(this AkkaConfigurationBuilder builder, NodeServices services, Func<IActorRegistry, IActorRef> coordinator) =>
        builder.WithShardRegion<RecordWriter>(
            WriteRegion.NameOf(services.CodecFingerprint),
            (_, registry, _) =>
            {
                var turnstile = new EmbedTurnstile();
                IActorRef embedClient = registry.Get<EmbedClient>(), records = coordinator(registry);
                ILogger logger = services.Loggers.CreateLogger<RecordWriter>();
                return _ => Props.Create(() => new RecordWriter(services, turnstile, embedClient, records, logger));
            },
            new RecordMessageExtractor(),
            new ShardOptions
            {
                Role = WriteRegion.RoleOf(services.CodecFingerprint),
                HandOffStopMessage = RecordWriter.StopWriting.Instance,
                StateStoreMode = StateStoreMode.DData,
                RememberEntities = false,
                ShouldPassivateIdleEntities = false,
            });
}
