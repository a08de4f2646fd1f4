using System.Collections.Frozen;
using Akka.Actor;

namespace Koalarization.Cluster.Wire;

/// <summary>Every message that may cross between nodes, by type and by manifest.</summary>
internal static class WireEntries
{
    public static IReadOnlyList<WireEntry> All { get; } = [.. JobsWire.Entries, .. FetchWire.Entries, .. EmbedWire.Entries, .. WriteWire.Entries];

    /// <summary>Manifests of earlier versions. They are never given to another message, and what comes with one is ignored.</summary>
    public static FrozenSet<string> RetiredManifests { get; } = FrozenSet.Create(StringComparer.Ordinal, "EL", "EW", "FH", "FU");

    public static FrozenDictionary<Type, WireEntry> ByType { get; } = All.ToFrozenDictionary(entry => entry.Type);

    public static FrozenDictionary<string, WireEntry> ByManifest { get; } = All.ToFrozenDictionary(entry => entry.Manifest, StringComparer.Ordinal);
}

/// <summary>What a message of an earlier version is read as: no actor handles it.</summary>
/// <param name="Manifest">Its manifest.</param>
internal sealed record RetiredMessage(string Manifest) : INoSerializationVerificationNeeded;
