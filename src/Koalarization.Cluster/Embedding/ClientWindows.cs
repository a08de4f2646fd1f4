namespace Koalarization.Cluster.Embedding;

/// <summary>
/// An embedder's capacity, divided among its clients by what each has in work: a client may have an equal share, or all that the others leave, whichever is more.
/// So one busy client gets everything, and several get equal parts within the time of a few answers. One thread at a time.
/// </summary>
internal sealed class ClientWindows<TClient>
    where TClient : notnull
{
    private readonly Dictionary<TClient, int> _inWork = [];

    /// <summary>Pictures in work, of all clients.</summary>
    public int InWork => _inWork.Values.Sum();

    /// <summary>Pictures that a client may have in flight: whole requests, and one at least, so that none starves.</summary>
    /// <param name="client">The client.</param>
    /// <param name="capacity">Pictures that keep the devices busy; 0: there is no device.</param>
    public int Of(TClient client, int capacity)
    {
        int own = _inWork.GetValueOrDefault(client);
        int others = _inWork.Count - (own > 0 ? 1 : 0);
        int images = Math.Max(capacity / (others + 1), capacity - (InWork - own));
        return capacity == 0 ? 0 : BatchPolicy.WholeRequests(Math.Max(images, 1));
    }

    /// <summary>
    /// Takes a request in, unless there is too much in work. Windows of clients that were idle add up to more than the capacity; twice of it is enough for now
    /// until they have shrunk.
    /// </summary>
    public bool TryTake(TClient client, int images, int capacity)
    {
        int own = _inWork.GetValueOrDefault(client);
        if (own > 0 && InWork + images > 2 * capacity)
        {
            return false;
        }

        _inWork[client] = own + images;
        return true;
    }

    /// <summary>A request has ended, served or not.</summary>
    public void End(TClient client, int images)
    {
        _inWork[client] -= images;
        if (_inWork[client] == 0)
        {
            _inWork.Remove(client);
        }
    }
}
