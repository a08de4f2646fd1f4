using Akka.Actor;
using Akka.Cluster;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster;

// How it knows the embedders: by the membership, by asking each node where its embedder is, and by what they say when they leave.
internal sealed partial class EmbedClient
{
    private void LeaveAlone(EmbedderLeaving message)
    {
        _embedders.Leaving(SenderAddress);
        _desk.Leaving(SenderAddress, message.Incarnation);
        Sender.Tell(new CreditWanted(_name, []));
    }

    private void Found(ActorIdentity identity)
    {
        if (identity.Subject is IActorRef embedder && _embedders.Found(AddressOf(embedder), embedder))
        {
            Context.Watch(embedder);
            embedder.Tell(Word());
        }
    }

    private void Stopped(IActorRef embedder)
    {
        _embedders.Stopped(AddressOf(embedder), embedder);
        Lose(AddressOf(embedder));
    }

    private void Changed(Member member)
    {
        if (!member.HasRole(NodeRoles.Embed))
        {
            return;
        }

        switch (member.Status)
        {
            case MemberStatus.WeaklyUp or MemberStatus.Up:
                _embedders.Add(member);
                break;
            case MemberStatus.Leaving or MemberStatus.Exiting:
                _embedders.Leaving(member.Address);
                break;
            case MemberStatus.Down or MemberStatus.Removed when _embedders.Remove(member):
                Lose(member.Address);
                break;
            default:
                break;
        }
    }

    // Not to be reached is as good as gone: what it had goes to others, and whoever answers first counts.
    private void Reach(Member member, bool isReachable)
    {
        if (_embedders.Reach(member, isReachable) && !isReachable)
        {
            Lose(member.Address);
        }
    }

    private void Lose(Address embedder)
    {
        if (_desk.Credits[embedder] is not null)
        {
            _desk.Lost(embedder);
            Log.Lost(_logger, embedder);
        }
    }

    private void Identify()
    {
        foreach (Address address in _embedders.Unknown)
        {
            Context.ActorSelection(new RootActorPath(address) / "user" / EmbedderName).Tell(new Identify(EmbedderName));
        }
    }
}
