using Koalarization.Cluster.Fetching;

namespace Koalarization.Cluster.Coordination;

/// <summary>What a fetch node last asked for.</summary>
/// <param name="Room">Slices that it can still take.</param>
/// <param name="Active">Slices that it works on.</param>
internal sealed record SliceDemand(int Room, IReadOnlyList<FetchProtocol.ActiveSlice> Active)
{
    public static readonly SliceDemand None = new(0, []);
}
