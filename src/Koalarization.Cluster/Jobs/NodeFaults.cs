using System.Collections.Immutable;

namespace Koalarization.Cluster;

/// <summary>What kept nodes from working on a job. Immutable.</summary>
internal sealed record NodeFaults
{
    /// <summary>How long a node that had a fault gets nothing of the job.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>When all nodes had a fault within this time, the job cannot go on.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(60);

    /// <summary>No faults.</summary>
    public static readonly NodeFaults None = new();

    private ImmutableDictionary<NodeOwner, (TimeSpan At, string? Sentence)> Latest { get; init; } =
        ImmutableDictionary<NodeOwner, (TimeSpan, string?)>.Empty;

    /// <summary>A node cannot go on.</summary>
    /// <param name="node">The node.</param>
    /// <param name="sentence">Why; null when it only shows no progress.</param>
    /// <param name="now">The time.</param>
    public NodeFaults With(NodeOwner node, string? sentence, TimeSpan now) => this with { Latest = Latest.SetItem(node, (now, sentence)) };

    /// <summary>A node is gone.</summary>
    public NodeFaults Without(NodeOwner node) => this with { Latest = Latest.Remove(node) };

    /// <summary>Whether a node gets nothing now.</summary>
    public bool IsPaused(NodeOwner node, TimeSpan now) => Latest.TryGetValue(node, out var fault) && now - fault.At < Pause;

    /// <summary>Why a job cannot go on: each of the nodes that could work on it had a fault. Null: it can.</summary>
    public string? OfAll(IReadOnlyCollection<NodeOwner> nodes, TimeSpan now)
    {
        if (nodes.Count == 0 || !nodes.All(node => Latest.TryGetValue(node, out var fault) && fault.Sentence is not null && now - fault.At < Memory))
        {
            return null;
        }

        return nodes.Select(node => Latest[node]).MaxBy(fault => fault.At).Sentence;
    }
}
