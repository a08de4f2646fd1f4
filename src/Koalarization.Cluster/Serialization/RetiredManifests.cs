using System.Collections.Frozen;

namespace Koalarization.Cluster;

/// <summary>Manifests of messages that an earlier version sent. They are never given to another message; what comes under them is passed over.</summary>
internal static class RetiredManifests
{
    /// <summary>FU: hosts used. FH: hosts lent.</summary>
    public static FrozenSet<string> All { get; } = FrozenSet.Create(StringComparer.Ordinal, "FU", "FH");
}

/// <summary>What a message of an earlier version becomes: whoever gets it does not handle it.</summary>
/// <param name="Manifest">The message's manifest.</param>
internal sealed record RetiredMessage(string Manifest);
