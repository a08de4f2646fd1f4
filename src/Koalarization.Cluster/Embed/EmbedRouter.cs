using Akka.Actor;
using Akka.Cluster.Routing;
using Akka.Routing;

namespace Koalarization.Cluster;

/// <summary>The router on a write node: over the embedders of all nodes that embed, this one included; each request goes to the one that its client has picked.</summary>
internal static class EmbedRouter
{
    private const int MostEmbedders = 10_000;

    private const string EmbedderPath = "/user/" + EmbedProtocol.EmbedderName;

    public static Props Props { get; } = Props.Empty.WithRouter(new ClusterRouterGroup(
        new EmbedderGroup([EmbedderPath]), new ClusterRouterGroupSettings(MostEmbedders, [EmbedderPath], allowLocalRoutees: true, NodeRoles.Embed)));
}
