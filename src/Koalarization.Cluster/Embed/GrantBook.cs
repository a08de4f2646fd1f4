namespace Koalarization.Cluster;

/// <summary>An embedder's clients: what they want, have been granted and have in work. A client that says nothing for a while wants nothing. One thread at a time.</summary>
internal sealed class GrantBook
{
    private readonly SortedDictionary<string, Client> _clients = new(StringComparer.Ordinal);

    /// <summary>Pictures in work, of all clients.</summary>
    public int InWork { get; private set; }

    /// <summary>Whether no client will send anything more.</summary>
    public bool IsAlone => _clients.Count == 0;

    /// <summary>A client says what it could use; 0: nothing, and it will not ask again before it says so.</summary>
    public void Want(string client, int images, TimeSpan now)
    {
        if (images == 0)
        {
            Forget(client);
            return;
        }

        if (!_clients.TryGetValue(client, out Client? known))
        {
            _clients.Add(client, known = new Client());
        }

        (known.Demand, known.HeardAt) = (images, now);
    }

    /// <summary>A client's slots from now on.</summary>
    /// <param name="client">Who.</param>
    /// <param name="slots">The embedder's.</param>
    /// <param name="now">When.</param>
    public int Grant(string client, int slots, TimeSpan now)
    {
        DropSilent(now);
        if (!_clients.TryGetValue(client, out Client? known))
        {
            return 0;
        }

        Client[] clients = [.. _clients.Values];
        int[] grants = CreditDivision.Divide(slots, Array.ConvertAll(clients, each => each.Demand));
        int grant = grants[Array.IndexOf(clients, known)];

        // A client may still act upon an earlier word when a smaller one is on its way.
        if (grant >= known.Limit || now >= known.LimitUntil)
        {
            (known.Limit, known.LimitUntil) = (grant, now + EmbedProtocol.Credit.Patience);
        }

        return grant;
    }

    /// <summary>Takes a request in, if its client has been granted as much.</summary>
    public bool TryTake(string client, int images)
    {
        if (!_clients.TryGetValue(client, out Client? known) || known.InWork + images > known.Limit)
        {
            return false;
        }

        known.InWork += images;
        InWork += images;
        return true;
    }

    /// <summary>A request has ended, served or not.</summary>
    public void End(string client, int images)
    {
        InWork -= images;
        if (_clients.TryGetValue(client, out Client? known))
        {
            known.InWork = Math.Max(0, known.InWork - images);
        }
    }

    public void Forget(string client) => _clients.Remove(client);

    /// <summary>Forgets clients that have said nothing for too long.</summary>
    public void DropSilent(TimeSpan now)
    {
        foreach (string silent in _clients.Where(client => now - client.Value.HeardAt > EmbedProtocol.Credit.Patience).Select(client => client.Key).ToArray())
        {
            Forget(silent);
        }
    }

    private sealed class Client
    {
        public int Demand { get; set; }

        public TimeSpan HeardAt { get; set; }

        public int InWork { get; set; }

        /// <summary>The most that it may believe to have been granted.</summary>
        public int Limit { get; set; }

        public TimeSpan LimitUntil { get; set; }
    }
}
