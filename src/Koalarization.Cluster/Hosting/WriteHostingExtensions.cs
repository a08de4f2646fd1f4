using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

/// <summary>Writers of records on a node.</summary>
internal static class WriteHostingExtensions
{
    /// <summary>The role of nodes that write records.</summary>
    public const string WriteRole = "write";

    /// <summary>Makes the node write records.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="parts">What it works with.</param>
    /// <param name="coordinator">Finds the coordinator's proxy.</param>
    public static AkkaConfigurationBuilder AddWriteNode(this AkkaConfigurationBuilder builder, NodeParts parts, Func<IActorRegistry, IActorRef> coordinator) =>
        builder.WithShardRegion<RecordWriter>(
            WriteProtocol.RegionName,
            (system, registry, _) =>
            {
                var shared = new RecordWriterParts(
                    parts, new WriteTurns(), system.ActorSelection($"/user/{EmbedProtocol.ClientName}"), coordinator(registry), parts.Loggers.CreateLogger<RecordWriter>());
                return _ => Props.Create(() => new RecordWriter(shared));
            },
            new RecordMessageExtractor(),
            new ShardOptions
            {
                Role = WriteRole,
                HandOffStopMessage = RecordWriter.StopWriting.Instance,
                StateStoreMode = StateStoreMode.DData,
                RememberEntities = false,
                ShouldPassivateIdleEntities = false,
            });

    /// <summary>Lets a node that writes none itself speak to the writers.</summary>
    public static AkkaConfigurationBuilder AddWriteRegionProxy(this AkkaConfigurationBuilder builder) =>
        builder.WithShardRegionProxy<RecordWriter>(WriteProtocol.RegionName, WriteRole, new RecordMessageExtractor());
}
