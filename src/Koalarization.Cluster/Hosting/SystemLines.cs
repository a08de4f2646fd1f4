using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Hosting;

/// <summary>
/// What of the actor system's own log an operator sees. Its texts are for its programmers: those that are understood become a sentence of ours, and each kind is
/// told once a minute at most; the rest is for debug logs. Not thread-safe; times come from outside.
/// </summary>
/// <param name="system">The actor system's name.</param>
internal sealed class SystemLines(string system)
{
    /// <summary>How often a kind of line is told.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Where sentences of ours say that they come from.</summary>
    public const string Source = "Cluster";

    private const int LongestLine = 200;

    // Akka's text for a message to another node than this one; that node's address follows in brackets.
    private const string NotForThisNode = "for non-local recipient";

    // A lost connection, from whichever class: the node itself logs a line for each member. The singleton's proxy and the regions of shards repeat themselves while
    // no control or write node is there, which the coordinator and the node say.
    private static readonly string[] Unremarkable =
    [
        "ClusterSingletonProxy", "ClusterSingletonManager", "ReliableDeliverySupervisor", "JoinSeedNodeProcess", "ClusterCoreDaemon", "remoting", "remoting-terminator", "Remoting",
        "RemoteActorRefProvider", "RemotingTerminator", "EndpointManager", "EndpointReader", "EndpointWriter", "AkkaProtocolManager", "ProtocolStateActor", "SplitBrainResolver",
        "TcpTransport", "TcpServerHandler", "TcpClientHandler", "DotNettyTransport", "CoordinatedShutdown", "DDataShardCoordinator", "PersistentShardCoordinator", "DDataShard", "Shard", "ShardRegion", "Replicator",
    ];

    private readonly Dictionary<string, TimeSpan> _told = new(StringComparer.Ordinal);

    /// <summary>What becomes of a line.</summary>
    /// <param name="source">The class that logs it.</param>
    /// <param name="level">Its level.</param>
    /// <param name="text">Its text.</param>
    /// <param name="now">The time.</param>
    /// <returns>The level at which the line is logged as it is, and a sentence of ours that is logged beside it as a warning; null: none.</returns>
    public (LogLevel Level, string? Sentence) Of(string source, LogLevel level, string text, TimeSpan now)
    {
        if (SentenceFor(source, text) is string sentence)
        {
            return (LogLevel.Debug, IsDue(sentence, now) ? sentence : null);
        }

        return level < LogLevel.Warning || Array.Exists(Unremarkable, name => source == name || source.StartsWith(name + "-", StringComparison.Ordinal)) ? (LogLevel.Debug, null)
            : level == LogLevel.Error || IsDue(source, now) ? (level, null)
            : (LogLevel.Debug, null);
    }

    /// <summary>The first line of a text, of a length that can be read.</summary>
    public static string Shortened(string text)
    {
        string line = text.Split('\n', 2)[0].TrimEnd();
        return line.Length <= LongestLine ? line : line[..LongestLine] + "...";
    }

    private string? SentenceFor(string source, string text) => source switch
    {
        "ClusterHeartbeatSender" when text.Contains("heartbeat was delayed", StringComparison.Ordinal) =>
            "This machine is too busy: messages to other nodes are delayed by seconds, and they may take this node for lost.",
        "PhiAccrualFailureDetector" => "Heartbeats of another node come seconds apart: its machine, this one or the network between them is too busy.",
        "EndpointWriter" when text.IndexOf(NotForThisNode, StringComparison.Ordinal) is >= 0 and int at && !IsOfThisStore(text[(at + NotForThisNode.Length)..]) =>
            $"A node of another store, or of an earlier version, asks for this one and gets no answer: this store's nodes are {system}.",
        "EndpointWriter" when text.Contains(NotForThisNode, StringComparison.Ordinal) =>
            "Another node asks for this one by another name, and gets no answer; its --seed needs the name that this node goes by.",
        _ => null,
    };

    private bool IsOfThisStore(string recipient) => recipient.Split(']')[0].Contains($"://{system}@", StringComparison.Ordinal);

    private bool IsDue(string kind, TimeSpan now)
    {
        if (_told.TryGetValue(kind, out TimeSpan last) && now - last < Interval)
        {
            return false;
        }

        _told[kind] = now;
        return true;
    }
}
