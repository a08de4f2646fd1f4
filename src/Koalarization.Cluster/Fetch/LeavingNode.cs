using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>Who waits for a node to be empty.</summary>
/// <param name="patience">How long slices have to end before they are handed back.</param>
internal sealed class LeavingNode(TimeSpan patience)
{
    /// <summary>What a node has that is told to leave within a minute.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(4);

    private readonly List<IActorRef> _waiting = [];

    public TimeSpan Patience => patience;

    /// <summary>Whether it is over.</summary>
    public bool IsOver { get; set; }

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
