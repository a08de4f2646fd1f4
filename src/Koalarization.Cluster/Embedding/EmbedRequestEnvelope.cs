using Akka.Actor;
using Akka.Routing;

namespace Koalarization.Cluster.Embedding;

/// <summary>To the router: a request, and who gets it.</summary>
/// <param name="to">The embedder's member.</param>
/// <param name="request">What it gets.</param>
internal sealed class EmbedRequestEnvelope(Address to, EmbedProtocol.EmbedImages request) : RouterEnvelope(request), INoSerializationVerificationNeeded
{
    public Address To => to;

    public EmbedProtocol.EmbedImages Request => request;
}

/// <summary>From the router: there is no embedder any more where the request should go; it has not gone out.</summary>
internal sealed record EmbedderGone(Address Embedder, EmbedProtocol.RequestId Request) : INoSerializationVerificationNeeded;
