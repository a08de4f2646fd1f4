using Akka.Actor;

namespace Koalarization.Cluster.Membership;

/// <summary>Whom a node asks to be let into the cluster, in order.</summary>
/// <remarks>
/// Akka lets the node that is first in its own list found a cluster, when no other of the list belongs to one within <c>seed-node-timeout</c>. A node whose list
/// has only itself does so at once, also when it comes back to a cluster that still lives: so the earlier members come last. No other node founds a cluster, and
/// control nodes that are started again all at once do not become a cluster each.
/// </remarks>
internal static class SeedOrder
{
    /// <summary>The list.</summary>
    /// <param name="self">The node.</param>
    /// <param name="seeds">The configured seeds; none: itself.</param>
    /// <param name="members">The members that there were.</param>
    public static IReadOnlyList<Address> Of(Address self, IReadOnlyList<Address> seeds, IReadOnlyList<Address> members) =>
        [.. (seeds.Count == 0 ? [self] : seeds).Concat(members.Where(member => member != self)).Distinct()];
}
