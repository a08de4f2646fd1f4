namespace Koalarization.Cluster;

/// <summary>Groups that wait, in the order in which they are sent: askers take turns, and an asker's groups go in the order in which it asked.</summary>
internal sealed class AskerQueues<TAsker>
    where TAsker : notnull
{
    private readonly LinkedList<(TAsker Asker, LinkedList<AskedGroup<TAsker>> Groups)> _turns = new();
    private readonly Dictionary<TAsker, LinkedListNode<(TAsker Asker, LinkedList<AskedGroup<TAsker>> Groups)>> _askers = [];

    public IEnumerable<AskedGroup<TAsker>> All => _turns.SelectMany(turn => turn.Groups);

    public void Enqueue(AskedGroup<TAsker> group) => GroupsOf(group.Asker).AddLast(group);

    /// <summary>Puts back what was sent in vain: it is its asker's next.</summary>
    public void PutBack(AskedGroup<TAsker> group) => GroupsOf(group.Asker).AddFirst(group);

    /// <summary>The first asker's next group that may go; null: there is none.</summary>
    public AskedGroup<TAsker>? Next(Func<AskedGroup<TAsker>, bool> mayGo)
    {
        foreach ((_, LinkedList<AskedGroup<TAsker>> groups) in _turns)
        {
            if (groups.First?.Value is AskedGroup<TAsker> group && mayGo(group))
            {
                return group;
            }
        }

        return null;
    }

    /// <summary>Takes an asker's next group out; its next turn comes after the others'.</summary>
    public void Dequeue(AskedGroup<TAsker> group)
    {
        LinkedListNode<(TAsker Asker, LinkedList<AskedGroup<TAsker>> Groups)> turn = _askers[group.Asker];
        turn.Value.Groups.Remove(group);
        _turns.Remove(turn);
        if (turn.Value.Groups.Count > 0)
        {
            _turns.AddLast(turn);
        }
        else
        {
            _askers.Remove(group.Asker);
        }
    }

    /// <summary>Takes a group out that need not go any more.</summary>
    public void Remove(AskedGroup<TAsker> group)
    {
        if (_askers.TryGetValue(group.Asker, out LinkedListNode<(TAsker Asker, LinkedList<AskedGroup<TAsker>> Groups)>? turn)
            && turn.Value.Groups.Remove(group) && turn.Value.Groups.Count == 0)
        {
            _turns.Remove(turn);
            _askers.Remove(group.Asker);
        }
    }

    private LinkedList<AskedGroup<TAsker>> GroupsOf(TAsker asker)
    {
        if (!_askers.TryGetValue(asker, out LinkedListNode<(TAsker Asker, LinkedList<AskedGroup<TAsker>> Groups)>? turn))
        {
            turn = _turns.AddLast((asker, new LinkedList<AskedGroup<TAsker>>()));
            _askers.Add(asker, turn);
        }

        return turn.Value.Groups;
    }
}
