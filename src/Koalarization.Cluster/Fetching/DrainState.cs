using Akka.Actor;

namespace Koalarization.Cluster.Fetching;

/// <summary>Whether a node drains, and who waits for it to be empty.</summary>
/// <param name="timeout">How long slices have to end before they are handed back.</param>
internal sealed class DrainState(TimeSpan timeout)
{
    /// <summary>Enough for most slices, on a node that has to leave within a minute.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(4);

    private readonly List<IActorRef> _waiting = [];

    public TimeSpan Timeout => timeout;

    /// <summary>Whether the node takes no more slices.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether <see cref="Timeout"/> is over.</summary>
    public bool IsOver { get; set; }

    /// <summary>Adds one who waits.</summary>
    /// <returns>Whether it is the first.</returns>
    public bool Begin(IActorRef requester)
    {
        bool isFirst = !HasBegun;
        HasBegun = true;
        _waiting.Add(requester);
        return isFirst;
    }

    /// <summary>Answers all who wait: the node has no slice any more.</summary>
    public void AnswerAll() => TakeWaiting().ForEach(requester => requester.Tell(LinkProtocol.NodeIsEmpty.Instance));

    /// <summary>All who wait; they are to be answered by the caller.</summary>
    public List<IActorRef> TakeWaiting()
    {
        List<IActorRef> waiting = [.. _waiting];
        _waiting.Clear();
        return waiting;
    }
}
