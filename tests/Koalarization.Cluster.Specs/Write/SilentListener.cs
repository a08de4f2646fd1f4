namespace Koalarization.Cluster.Specs;

/// <summary>A listener that tells nobody.</summary>
internal sealed class SilentListener : INodeListener
{
}
