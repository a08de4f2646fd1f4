using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Specs.Writing;

/// <summary>A listener that tells nobody.</summary>
internal sealed class SilentListener : INodeListener
{
}
