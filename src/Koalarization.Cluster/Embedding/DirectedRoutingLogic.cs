using System.Collections.Frozen;
using Akka.Actor;
using Akka.Routing;

namespace Koalarization.Cluster.Embedding;

/// <summary>
/// Sends a request to the embedder at the address that its envelope names. A router cannot wait: a request for a node that has just gone is returned to its client, never
/// sent to the dead letters.
/// </summary>
/// <param name="self">This member's address; the routee on this node has none.</param>
internal sealed class DirectedRoutingLogic(Address self) : RoutingLogic
{
    // Runs on the sender's thread, on several at once: a snapshot of the routees that is replaced as a whole.
    private volatile Snapshot _snapshot = new([], FrozenDictionary<Address, Routee>.Empty);

    public override Routee Select(object message, Routee[] routees)
    {
        if (message is not EmbedRequestEnvelope request)
        {
            return Routee.NoRoutee;
        }

        Snapshot snapshot = _snapshot;
        if (!ReferenceEquals(snapshot.Routees, routees))
        {
            _snapshot = snapshot = new Snapshot(routees, routees.GroupBy(AddressOf).ToFrozenDictionary(same => same.Key, same => same.First()));
        }

        return snapshot.ByAddress.GetValueOrDefault(request.To) ?? new GoneRoutee(new EmbedderGone(request.To, request.Request.Request));
    }

    private Address AddressOf(Routee routee)
    {
        Address address = routee switch
        {
            ActorSelectionRoutee selection => selection.Selection.Anchor.Path.Address,
            ActorRefRoutee actor => actor.Actor.Path.Address,
            _ => self,
        };
        return address.HasGlobalScope ? address : self;
    }

    private sealed record Snapshot(Routee[] Routees, FrozenDictionary<Address, Routee> ByAddress);

    private sealed class GoneRoutee(EmbedderGone gone) : Routee
    {
        public override void Send(object message, IActorRef sender) => sender.Tell(gone, ActorRefs.NoSender);
    }
}
