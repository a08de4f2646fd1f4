using Koalarization.Harvest.Fetching;

namespace Koalarization.Cluster.Fetching;

/// <summary>How many slices a node asks for: as many as keep it busy, so that others have some as well. A pure function.</summary>
internal static class SliceDemandPolicy
{
    /// <summary>Slices in work at most: their finished links wait in memory, and are what a kill costs.</summary>
    public const int MaxSlices = 64;

    /// <summary>Links in work at most. Those that wait take little memory; bodies and requests in flight are bounded elsewhere.</summary>
    public const int MaxLinks = 16384;

    // Links for each that may be in flight: a slice's end leaves few, and asking takes time.
    private const int LinksPerFetch = 8;

    /// <param name="slices">Slices in work.</param>
    /// <param name="unended">Links of theirs without a row.</param>
    /// <param name="waiting">Links of these that wait.</param>
    /// <param name="load">The throttle's load.</param>
    /// <param name="parallel">Links in flight at most.</param>
    /// <param name="linksPerSlice">Links of a slice.</param>
    public static int Room(int slices, int unended, int waiting, ThrottleLoad load, int parallel, int linksPerSlice)
    {
        if (!load.CanFetch)
        {
            return 0;
        }

        // While more could be in flight, links that wait do so for their hosts, and leave room for links of other hosts.
        int busy = load.InFlight < parallel ? unended - waiting : unended;
        int wanted = ((LinksPerFetch * parallel) - busy + linksPerSlice - 1) / linksPerSlice;
        int max = Math.Min(MaxSlices - slices, (MaxLinks - unended) / linksPerSlice);
        return Math.Clamp(wanted, 0, Math.Max(0, max));
    }
}
