using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Specs.Writing;

/// <summary>A listener that ignores everything.</summary>
internal sealed class SilentListener : INodeListener
{
}
