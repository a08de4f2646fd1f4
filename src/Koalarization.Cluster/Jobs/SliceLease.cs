namespace Koalarization.Cluster;

/// <summary>A slice is a node's to work on.</summary>
/// <param name="Holder">The node.</param>
/// <param name="Since">When it was given.</param>
/// <param name="Progress">What the node last said of its progress; -1: nothing yet.</param>
/// <param name="ProgressAt">When that number last changed.</param>
/// <param name="SeenAt">When the node last said that it holds the slice; before that, when it was given.</param>
/// <param name="IsConfirmed">Whether the node has said so.</param>
internal sealed record SliceLease(NodeOwner Holder, TimeSpan Since, long Progress, TimeSpan ProgressAt, TimeSpan SeenAt, bool IsConfirmed)
{
    /// <summary>How long a slice may show no progress.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long a node may say what it holds without naming the slice.</summary>
    public static readonly TimeSpan Unnamed = TimeSpan.FromSeconds(10);

    /// <summary>After how long a lease that the node does not name is told again.</summary>
    public static readonly TimeSpan ToldAgain = TimeSpan.FromSeconds(4);

    public static SliceLease New(NodeOwner holder, TimeSpan now) => new(holder, now, -1, now, now, IsConfirmed: false);

    public SliceLease Seen(long progress, TimeSpan now) =>
        this with { Progress = progress, ProgressAt = progress == Progress ? ProgressAt : now, SeenAt = now, IsConfirmed = true };
}
