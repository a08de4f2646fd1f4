using Akka.Actor;
using Akka.Cluster.Routing;
using Akka.Routing;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Embedding;

/// <summary>
/// The router on a write node, over the embedders of all nodes that embed, this one included: each request goes to the one that its client has picked.
/// </summary>
internal static class EmbedRouter
{
    private const int MaxEmbedders = 10_000;

    private const string EmbedderPath = "/user/" + EmbedProtocol.EmbedderName;

    public static Props Props(Address self) => Akka.Actor.Props.Empty.WithRouter(new ClusterRouterGroup(
        new EmbedderGroup([EmbedderPath], self), new ClusterRouterGroupSettings(MaxEmbedders, [EmbedderPath], allowLocalRoutees: true, NodeRoles.Embed)));

    private sealed class EmbedderGroup(string[] paths, Address self) : Group(paths, Akka.Dispatch.Dispatchers.DefaultDispatcherId)
    {
        public override Router CreateRouter(ActorSystem system) => new(new DirectedRoutingLogic(self));

        public override IEnumerable<string> GetPaths(ActorSystem system) => InternalPaths;

        // Never sent anywhere: it belongs to this node's client.
        public override Akka.Util.ISurrogate ToSurrogate(ActorSystem system) => throw new NotSupportedException();
    }
}
