using System.Globalization;
using Akka.Cluster.Sharding;
using static Koalarization.Cluster.Writing.WriteProtocol;

namespace Koalarization.Cluster.Writing;

/// <summary>Which writer a message is for, and which shard that is in: neighbouring records, which are open at the same time, are in different ones.</summary>
internal sealed class RecordMessageExtractor : IMessageExtractor
{
    /// <summary>
    /// S. Many, so that neighbours spread over any number of nodes; few enough for the table of them to fit into one message.
    /// </summary>
    public const int Shards = 256;

    public string? EntityId(object message) => message is IRecordMessage about ? about.Record.ToString() : null;

    public object? EntityMessage(object message) => message as IRecordMessage;

    public string? ShardId(object message) => message is IRecordMessage about ? ShardOf(about.Record.Record) : null;

    public string ShardId(string entityId, object? messageHint = null) =>
        ShardOf(int.Parse(entityId.AsSpan(entityId.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture));

    private static string ShardOf(int record) => (record % Shards).ToString(CultureInfo.InvariantCulture);
}
