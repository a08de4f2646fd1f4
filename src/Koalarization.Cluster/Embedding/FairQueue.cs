using Akka.Actor;

namespace Koalarization.Cluster.Embedding;

/// <summary>Requests in the order in which they are sent: owners take turns, and an owner's requests go in the order in which it made them.</summary>
internal sealed class FairQueue
{
    // The owner whose turn is next comes first; none is without requests.
    private readonly OrderedDictionary<IActorRef, LinkedList<PendingRequest>> _turns = [];

    public void Enqueue(PendingRequest request) => RequestsOf(request.Owner).AddLast(request);

    /// <summary>Puts a request back that was sent in vain: it is its owner's next.</summary>
    public void PutBack(PendingRequest request) => RequestsOf(request.Owner).AddFirst(request);

    /// <summary>The next request of the first owner whose next one fits; null: there is none.</summary>
    public PendingRequest? Next(Func<PendingRequest, bool> fits) => _turns.Values.Select(requests => requests.First!.Value).FirstOrDefault(fits);

    /// <summary>Takes a request out that is sent; its owner's next turn comes after the others'.</summary>
    public void Dequeue(PendingRequest request)
    {
        Remove(request);
        if (_turns.Remove(request.Owner, out LinkedList<PendingRequest>? requests))
        {
            _turns.Add(request.Owner, requests);
        }
    }

    /// <summary>Takes a request out that need not be sent any more, if it waits.</summary>
    public void Remove(PendingRequest request)
    {
        if (_turns.TryGetValue(request.Owner, out LinkedList<PendingRequest>? requests) && requests.Remove(request) && requests.Count == 0)
        {
            _turns.Remove(request.Owner);
        }
    }

    private LinkedList<PendingRequest> RequestsOf(IActorRef owner)
    {
        if (!_turns.TryGetValue(owner, out LinkedList<PendingRequest>? requests))
        {
            _turns.Add(owner, requests = new LinkedList<PendingRequest>());
        }

        return requests;
    }
}
