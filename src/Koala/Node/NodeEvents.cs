using Koalarization.Cluster.Hosting;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Node;

/// <summary>A node stands.</summary>
internal sealed record NodeStarted(string Address, IReadOnlyList<string> Roles, Uri? Http) : ReportEvent
{
    public override string Sentence => $"Node {Address} has started as {string.Join(", ", Roles)}{(Http is null ? "" : $"; koala submit and the others find it at {Http}")}.";
}

/// <summary>A node ends.</summary>
internal sealed record NodeEnded(int ExitCode) : ReportEvent
{
    public override string Sentence => ExitCode switch
    {
        NodeExit.Left => "The node has left.",
        NodeExit.Removed => "The cluster has removed this node, or it is on the smaller side of a partition; start it again.",
        _ => "The node's device cannot be used; mend it, and start the node again.",
    };
}

/// <summary>A line of a node's log.</summary>
internal sealed record NodeLogLine(DateTimeOffset Time, string Level, string Source, string Message, string? Exception, IReadOnlyDictionary<string, string>? Fields)
    : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string level = Level is "information" ? "" : Level + ": ";
            string exception = Exception is null ? "" : Environment.NewLine + Exception;
            return $"{Time.LocalDateTime:HH:mm:ss} {Source}: {level}{Shown(Message)}{exception}";
        }
    }
}
