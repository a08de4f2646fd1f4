using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Writing;

/// <summary>
/// The shard region of the write nodes whose JPEG libraries make the same pictures: each has a name and a member role of its own, so that no record is written with
/// another library than its job was begun with.
/// </summary>
internal static class WriteRegion
{
    /// <summary>The region's type name.</summary>
    public static string NameOf(string codecFingerprint) => $"{WriteProtocol.RegionName}-{Short(codecFingerprint)}";

    /// <summary>The role that its members have beside <see cref="NodeRoles.Write"/>.</summary>
    public static string RoleOf(string codecFingerprint) => $"{NodeRoles.Write}-{Short(codecFingerprint)}";

    private static string Short(string codecFingerprint) => codecFingerprint[..Math.Min(12, codecFingerprint.Length)];
}
