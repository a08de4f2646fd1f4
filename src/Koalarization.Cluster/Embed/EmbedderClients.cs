using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>An embedder's clients, by their names: where they are, and what they said last. One thread at a time.</summary>
internal sealed class EmbedderClients
{
    private readonly Dictionary<string, Client> _clients = new(StringComparer.Ordinal);

    public GrantBook Grants { get; } = new();

    public bool IsEmpty => _clients.Count == 0;

    public IReadOnlyList<(IActorRef Actor, EmbedProtocol.CreditWanted Wanted)> All => [.. _clients.Values.Select(client => (client.Actor, client.Wanted))];

    /// <summary>A client says what it wants.</summary>
    /// <param name="client">Where it is.</param>
    /// <param name="wanted">What it says.</param>
    /// <param name="key">The network that is served here, if any.</param>
    /// <param name="now">When.</param>
    public void Heard(IActorRef client, EmbedProtocol.CreditWanted wanted, EmbedKey? key, TimeSpan now)
    {
        _clients[wanted.Client] = new Client(client, wanted, now);
        Grants.Want(wanted.Client, wanted.Wanted.Where(demand => demand.Key == key).Sum(demand => demand.Images), now);
    }

    public void Remove(string client)
    {
        _clients.Remove(client);
        Grants.Forget(client);
    }

    public void Remove(IActorRef actor)
    {
        foreach (string name in _clients.Where(client => client.Value.Actor.Equals(actor)).Select(client => client.Key).ToArray())
        {
            Remove(name);
        }
    }

    /// <summary>Forgets who has said nothing for too long.</summary>
    public void DropSilent(TimeSpan now)
    {
        foreach (string name in _clients.Where(client => now - client.Value.HeardAt > EmbedProtocol.Credit.Patience).Select(client => client.Key).ToArray())
        {
            Remove(name);
        }
    }

    private sealed record Client(IActorRef Actor, EmbedProtocol.CreditWanted Wanted, TimeSpan HeardAt);
}
