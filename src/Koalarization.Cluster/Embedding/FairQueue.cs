namespace Koalarization.Cluster.Embedding;

/// <summary>Requests in the order in which they are sent: owners take turns, and an owner's requests go in the order in which it made them.</summary>
internal sealed class FairQueue<TOwner>
    where TOwner : notnull
{
    private readonly LinkedList<Turn> _turns = new();
    private readonly Dictionary<TOwner, LinkedListNode<Turn>> _turnOf = [];

    /// <summary>Everything that waits.</summary>
    public IEnumerable<PendingRequest<TOwner>> All => _turns.SelectMany(turn => turn.Requests);

    public void Enqueue(PendingRequest<TOwner> request) => TurnOf(request.Owner).Requests.AddLast(request);

    /// <summary>Puts a request back that was sent in vain: it is its owner's next.</summary>
    public void PutBack(PendingRequest<TOwner> request) => TurnOf(request.Owner).Requests.AddFirst(request);

    /// <summary>The next request of the first owner whose next one fits; null: there is none.</summary>
    public PendingRequest<TOwner>? Next(Func<PendingRequest<TOwner>, bool> fits) =>
        _turns.Select(turn => turn.Requests.First!.Value).FirstOrDefault(fits);

    /// <summary>Takes a request out that is sent; its owner's next turn comes after the others'.</summary>
    public void Dequeue(PendingRequest<TOwner> request)
    {
        LinkedListNode<Turn> turn = _turnOf[request.Owner];
        Remove(request);
        if (turn.List is not null)
        {
            _turns.Remove(turn);
            _turns.AddLast(turn);
        }
    }

    /// <summary>Takes a request out that need not be sent any more, if it waits.</summary>
    public void Remove(PendingRequest<TOwner> request)
    {
        if (_turnOf.TryGetValue(request.Owner, out LinkedListNode<Turn>? turn) && turn.Value.Requests.Remove(request) && turn.Value.Requests.Count == 0)
        {
            _turns.Remove(turn);
            _turnOf.Remove(request.Owner);
        }
    }

    private Turn TurnOf(TOwner owner)
    {
        if (!_turnOf.TryGetValue(owner, out LinkedListNode<Turn>? turn))
        {
            _turnOf.Add(owner, turn = _turns.AddLast(new Turn()));
        }

        return turn.Value;
    }

    private sealed class Turn
    {
        public LinkedList<PendingRequest<TOwner>> Requests { get; } = new();
    }
}
