using Akka.Actor;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>Who asks for logits, where no actor is needed.</summary>
internal sealed class NamedOwner(string name) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "koala")) / name;

    public override IActorRefProvider Provider => throw new NotSupportedException();
}
