using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>Who waits for a node to be empty.</summary>
internal sealed class LeavingNode
{
    /// <summary>How long slices have to end before they are handed back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly List<IActorRef> _waiting = [];

    /// <summary>Whether the node takes no more slices.</summary>
    public bool Begun { get; private set; }

    /// <summary>Somebody waits; says whether it is the first.</summary>
    public bool Begin(IActorRef asker)
    {
        bool isFirst = !Begun;
        Begun = true;
        _waiting.Add(asker);
        return isFirst;
    }

    /// <summary>The node holds nothing any more.</summary>
    public void SayEmpty()
    {
        _waiting.ForEach(asker => asker.Tell(LinkProtocol.NodeIsEmpty.Instance));
        _waiting.Clear();
    }
}
