using System.Collections.Immutable;
using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Coordination;

/// <summary>The latest fault of each node that kept it from working on a job. Immutable.</summary>
internal sealed record NodeFaults
{
    /// <summary>How long a node that had a fault gets no slices of the job.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>When all nodes had a fault within this time, the job cannot move.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    /// <summary>No faults.</summary>
    public static readonly NodeFaults None = new();

    private ImmutableDictionary<NodeOwner, (TimeSpan At, string? Sentence)> Latest { get; init; } =
        ImmutableDictionary<NodeOwner, (TimeSpan, string?)>.Empty;

    /// <summary>A node had a fault.</summary>
    /// <param name="node">The node.</param>
    /// <param name="sentence">Why; null: its slice showed no progress.</param>
    /// <param name="now">The time.</param>
    public NodeFaults With(NodeOwner node, string? sentence, TimeSpan now) => this with { Latest = Latest.SetItem(node, (now, sentence)) };

    /// <summary>A node was removed.</summary>
    public NodeFaults Without(NodeOwner node) => this with { Latest = Latest.Remove(node) };

    /// <summary>Whether a node gets no slices now.</summary>
    public bool IsPaused(NodeOwner node, TimeSpan now) => Latest.TryGetValue(node, out var fault) && now - fault.At < Pause;

    /// <summary>The latest fault, where each of the nodes that could work on a job had one; else null.</summary>
    public string? OfAll(IReadOnlyCollection<NodeOwner> nodes, TimeSpan now)
    {
        if (nodes.Count == 0 || !nodes.All(node => Latest.TryGetValue(node, out var fault) && fault.Sentence is not null && now - fault.At < Window))
        {
            return null;
        }

        return nodes.Select(node => Latest[node]).MaxBy(fault => fault.At).Sentence;
    }
}
