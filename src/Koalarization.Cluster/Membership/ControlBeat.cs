namespace Koalarization.Cluster.Membership;

/// <summary>What a control node writes to the store again and again while it is up: that it lives, and the cluster that it sees.</summary>
/// <remarks>A process is <c>host:port#uid</c>: one that is started again at the same address is another.</remarks>
/// <param name="Node">Its address, <c>host:port</c>.</param>
/// <param name="Uid">Its incarnation.</param>
/// <param name="Number">How many it has written. It is alive while this grows; clocks of machines are not compared.</param>
/// <param name="Members">The processes that are members of its cluster, reachable or not, itself included.</param>
/// <param name="Controls">The reachable control nodes among them that are up.</param>
/// <param name="Up">How many of all are reachable and up.</param>
internal sealed record ControlBeat(string Node, int Uid, long Number, IReadOnlyList<string> Members, IReadOnlyList<string> Controls, int Up)
{
    /// <summary>Its process.</summary>
    public string Process => ProcessOf(Node, Uid);

    /// <summary>A process by its parts.</summary>
    public static string ProcessOf(string node, int uid) => $"{node}#{uid}";

    /// <summary>
    /// Whether another one is of another cluster. When only one of the two counts the other in, it was stopped or cut off and does not know yet that the other's
    /// cluster went on without it: it leaves by itself.
    /// </summary>
    public bool IsOfAnotherClusterThan(ControlBeat other) => !Members.Contains(other.Process) && !other.Members.Contains(Process);

    /// <summary>
    /// Whether of two clusters this one's stays: that with more control nodes, as after a partition, else with more nodes, else with the control node whose
    /// address is first. Both sides decide the same.
    /// </summary>
    public bool Outranks(ControlBeat other) => (Controls.Count, Up) == (other.Controls.Count, other.Up)
        ? string.CompareOrdinal(First(Controls), First(other.Controls)) < 0
        : (Controls.Count, Up).CompareTo((other.Controls.Count, other.Up)) > 0;

    private static string? First(IEnumerable<string> processes) => processes.Min(StringComparer.Ordinal);
}
