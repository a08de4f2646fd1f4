namespace Koalarization.Cluster.Hosting;

/// <summary>What a node can be; it may be several.</summary>
internal static class NodeRoles
{
    public const string Control = "control";

    public const string Fetch = "fetch";

    public const string Embed = "embed";

    public const string Write = "write";

    public static IReadOnlyList<string> All { get; } = [Control, Fetch, Embed, Write];
}
