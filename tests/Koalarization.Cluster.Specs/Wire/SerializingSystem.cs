using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Specs.Wire;

/// <summary>An actor system with the serializers of a node, without remoting.</summary>
public sealed class SerializingSystem : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create(
        "koala", ConfigurationFactory.ParseString("akka.actor.provider = local").WithFallback(NodeConfiguration.Of(NodeRoles.All)));

    public Serialization Serialization => _system.Serialization;

    public void Dispose() => _system.Dispose();
}
