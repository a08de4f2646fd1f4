using Koalarization.Cluster.Hosting;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Node;

/// <summary>A node has started.</summary>
internal sealed record NodeStarted(string Address, IReadOnlyList<string> Roles, Uri? Http) : ReportEvent
{
    /// <summary>Where its health and metrics are; null: nowhere.</summary>
    public Uri? Probes { get; init; }

    public override string Sentence =>
        $"Node {Address} started, roles {string.Join(", ", Roles)}{(Http is null ? "" : $"; HTTP API at {Http}")}{(Probes is null ? "" : $"; health and metrics at {Probes}")}.";
}

/// <summary>A node has ended.</summary>
internal sealed record NodeEnded(int ExitCode) : ReportEvent
{
    public override string Sentence => ExitCode switch
    {
        NodeExit.Left => "The node has left the cluster.",
        NodeExit.Removed => "The node was removed from the cluster, or is on the smaller side of a partition; restart it.",
        _ => "The node's device has failed; repair it, and restart the node.",
    };
}

/// <summary>A line of a node's log.</summary>
internal sealed record NodeLogLine(DateTimeOffset Time, string Level, string Source, string Message, string? Exception, IReadOnlyDictionary<string, object?>? Fields)
    : ReportEvent
{
    public override string Sentence => $"{Source}: {Shown(Message)}{(Exception is null ? "" : Environment.NewLine + Exception)}";

    public override string Dated(DateTimeOffset now) => Line(Time, Level, Sentence);
}
