using Koalarization.Cluster.Coordination;

namespace Koalarization.Koala.Control;

/// <summary>What the cluster's stages did a second over the last hour, as this node has seen it. Not thread-safe; times come from outside.</summary>
internal sealed class RateHistory
{
    /// <summary>How long a point is kept.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromHours(1);

    /// <summary>The time between two points.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromSeconds(10);

    private readonly Queue<double[]> _points = new();
    private DateTimeOffset? _last;

    /// <summary>The points, oldest first, each as seconds since 1970, links, embedded and written pictures a second.</summary>
    public IReadOnlyList<double[]> Points => [.. _points];

    /// <summary>Takes the nodes as they are now.</summary>
    public void Add(IReadOnlyList<JobsProtocol.NodeStatus> nodes, DateTimeOffset now)
    {
        if (_last is DateTimeOffset last && now - last < Spacing && now >= last)
        {
            return;
        }

        _last = now;
        _points.Enqueue(PointOf(nodes, now));
        while (_points.Count > Length / Spacing)
        {
            _points.Dequeue();
        }
    }

    /// <summary>The point of now.</summary>
    public static double[] PointOf(IReadOnlyList<JobsProtocol.NodeStatus> nodes, DateTimeOffset now) =>
    [
        now.ToUnixTimeSeconds(),
        Math.Round(nodes.Sum(node => node.LinksPerSecond ?? 0), 1),
        Math.Round(nodes.Sum(node => node.EmbeddedPerSecond ?? 0), 1),
        Math.Round(nodes.Sum(node => node.WrittenPerSecond ?? 0), 1),
    ];
}
