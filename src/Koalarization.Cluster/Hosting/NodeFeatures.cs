using Koalarization.Dataset.State;

namespace Koalarization.Cluster.Hosting;

/// <summary>What a fetch node knows, or allows, beyond those of version 0.1.0. Their names are stable. A node gets slices only of jobs whose features it has.</summary>
internal static class NodeFeatures
{
    /// <summary>It fetches by the rules that a slice comes with.</summary>
    public const string FetchRules = "fetch-rules";

    /// <summary>It allows jobs to fetch from addresses that are not of the open web.</summary>
    public const string PrivateAddresses = "private-addresses";

    /// <summary>The features of a node of this version.</summary>
    public static IReadOnlyList<string> Of(NodeServices services) => services.ForbidsPrivate ? [FetchRules] : [FetchRules, PrivateAddresses];

    /// <summary>The features that a round needs.</summary>
    /// <param name="rules">How it is fetched; null: by each node's own options.</param>
    public static IReadOnlyList<string> NeededBy(FetchRules? rules) =>
        rules is null ? [] : rules.AllowPrivate == true ? [FetchRules, PrivateAddresses] : [FetchRules];
}
