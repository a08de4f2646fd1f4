using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>How many slices a node asks for: as many as keep it busy, so that others have some as well. A pure function.</summary>
internal static class SliceAppetite
{
    /// <summary>Slices in work at most: what is finished of them waits in memory, and is what a kill costs.</summary>
    public const int MostSlices = 64;

    /// <summary>Links in work at most. Those that wait hold little; bodies and requests in flight are bounded elsewhere.</summary>
    public const int MostLinks = 16384;

    // Links for every one that may be on the way: a slice's end leaves few, and asking takes a moment.
    private const int LinksForAPlace = 8;

    /// <param name="slices">Slices held.</param>
    /// <param name="unended">Links of theirs without a row.</param>
    /// <param name="waiting">Links of these that wait.</param>
    /// <param name="load">The gate.</param>
    /// <param name="parallel">Links on the way at most.</param>
    /// <param name="linksPerSlice">Links of a slice.</param>
    public static int Room(int slices, int unended, int waiting, GateLoad load, int parallel, int linksPerSlice)
    {
        if (!load.LetsFetch)
        {
            return 0;
        }

        // While places are free, who waits does so for its host, and leaves room for links of other hosts.
        int busy = load.InFlight < parallel ? unended - waiting : unended;
        int wanted = ((LinksForAPlace * parallel) - busy + linksPerSlice - 1) / linksPerSlice;
        int most = Math.Min(MostSlices - slices, (MostLinks - unended) / linksPerSlice);
        return Math.Clamp(wanted, 0, Math.Max(0, most));
    }
}
