using Koalarization.Cluster.Hosting;
using Koalarization.Dataset.Storage;

namespace Koalarization.Koala.Node;

/// <summary>What is measured of a node's process.</summary>
internal static class NodeMeters
{
    /// <summary>The names of the meters: the program's own, and those of .NET.</summary>
    public static IReadOnlyList<string> Names { get; } = [ClusterInstruments.MeterName, StoreInstruments.MeterName, "System.Runtime"];
}
