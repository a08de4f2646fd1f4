using Akka.Actor;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>Who asks for logits, where no actor is needed.</summary>
#pragma warning disable MA0097 // The order is the base class's, which has no operators either.
internal sealed class NamedOwner(string name) : MinimalActorRef
#pragma warning restore MA0097
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "koala")) / name;

    public override IActorRefProvider Provider => throw new NotSupportedException();
}
