namespace Koalarization.Cluster;

/// <summary>An embedder's devices, and the decoded pictures that wait for them. One thread at a time.</summary>
/// <param name="policy">When a batch is closed.</param>
internal sealed class InferenceLanes(BatchPolicy policy)
{
    private readonly List<InferenceLane> _lanes = [];

    public ReadyPictures Ready { get; } = new();

    /// <summary>Whether any device can be used.</summary>
    public bool IsUsable => _lanes.Exists(lane => !lane.IsFailed);

    public double ImagesPerSecond => _lanes.Where(lane => !lane.IsFailed).Sum(lane => lane.Rate.ImagesPerSecond);

    public int Slots => CreditDivision.Slots(_lanes.Where(lane => !lane.IsFailed).Sum(lane => lane.BatchSize), ImagesPerSecond);

    public void Add(InferenceLane lane) => _lanes.Add(lane);

    public bool Has(InferenceLane lane) => _lanes.Contains(lane);

    /// <summary>The next batch that is to run, and where; null: none yet.</summary>
    public (InferenceLane Lane, IReadOnlyList<PictureInWork> Pictures)? Next(TimeSpan now)
    {
        foreach (InferenceLane lane in _lanes.Where(lane => lane is { IsFailed: false, IsShrinking: false }).OrderBy(lane => lane.OnDevice))
        {
            if (policy.Close(Ready.Count, Ready.Waited(now), lane.OnDevice, lane.BatchSize) is int count and > 0)
            {
                return (lane, Ready.Take(count));
            }
        }

        return null;
    }

    /// <summary>When to look again although nothing happens; null: not at all.</summary>
    public TimeSpan? LookAgain(TimeSpan now) =>
        Ready.Count > 0 && _lanes.Exists(lane => lane is { IsFailed: false, IsShrinking: false, OnDevice: 0 }) ? policy.MaxWait - Ready.Waited(now) : null;
}
