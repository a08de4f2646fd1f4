using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Coordination;

/// <summary>A slice that is leased to a node.</summary>
/// <param name="Holder">The node.</param>
/// <param name="Since">When it was leased.</param>
/// <param name="Progress">The progress that the node last reported; -1: none yet.</param>
/// <param name="ProgressAt">When that number last changed.</param>
/// <param name="SeenAt">When the node last named the slice; before that, when it was leased.</param>
/// <param name="IsConfirmed">Whether the node has named it.</param>
internal sealed record SliceLease(NodeOwner Holder, TimeSpan Since, long Progress, TimeSpan ProgressAt, TimeSpan SeenAt, bool IsConfirmed)
{
    /// <summary>How long a slice may show no progress.</summary>
    public static readonly TimeSpan ProgressTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How long a node may report without naming the slice.</summary>
    public static readonly TimeSpan UnnamedTimeout = TimeSpan.FromSeconds(10);

    /// <summary>When a lease that the node does not name is sent again.</summary>
    public static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(4);

    public static SliceLease New(NodeOwner holder, TimeSpan now) => new(holder, now, -1, now, now, IsConfirmed: false);

    public SliceLease Seen(long progress, TimeSpan now) =>
        this with { Progress = progress, ProgressAt = progress == Progress ? ProgressAt : now, SeenAt = now, IsConfirmed = true };
}
