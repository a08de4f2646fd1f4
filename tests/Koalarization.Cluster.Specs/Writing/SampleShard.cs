using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Koalarization.Cluster.Specs.Writing;

/// <summary>A shard of one entity: passes everything on to it, releases it when it asks, and ends with it.</summary>
internal sealed class SampleShard : ReceiveActor
{
    public SampleShard(Props entity, IActorRef passivations)
    {
        IActorRef child = Context.Watch(Context.ActorOf(entity));
        Receive<Passivate>(passivate =>
        {
            passivations.Tell(passivate);
            child.Tell(passivate.StopMessage);
        });
        Receive<Terminated>(_ => Context.Stop(Self));
        ReceiveAny(child.Forward);
    }
}
