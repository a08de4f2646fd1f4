namespace Koalarization.Cluster.Fetching;

/// <summary>How far the links of a slice are that is in work, for people; what counts is its manifest.</summary>
/// <param name="Fetched">Links that were fetched, or have their row.</param>
/// <param name="Pictures">Links of these whose picture is decoded and resized.</param>
/// <param name="Failed">Links of these that have no picture.</param>
public sealed record SliceCounts(int Fetched, int Pictures, int Failed)
{
    /// <summary>Nothing was done yet.</summary>
    public static readonly SliceCounts None = new(0, 0, 0);

    /// <summary>The sum of two slices.</summary>
    public static SliceCounts operator +(SliceCounts one, SliceCounts other) =>
        new(one.Fetched + other.Fetched, one.Pictures + other.Pictures, one.Failed + other.Failed);
}
