using Akka.Actor;
using Akka.Cluster;
using Koalarization.Cluster.Coordination;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Embedding;

/// <summary>The windows that embedders have announced to a client, and how much of them is used. An embedder is known by its member's address. One thread at a time.</summary>
internal sealed class EmbedderWindows
{
    private readonly SortedDictionary<Address, Embedder> _embedders = new(Member.AddressOrdering);

    public bool Contains(Address embedder) => _embedders.ContainsKey(embedder);

    /// <summary>Replaces an embedder's window, unless the new one is out of date.</summary>
    /// <param name="address">The embedder.</param>
    /// <param name="window">Its window.</param>
    /// <param name="isAnnounced">Whether it came by itself, not with an answer. Only such a window makes an embedder known, or ends its suspension.</param>
    /// <param name="now">When.</param>
    /// <returns>Whether the embedder was restarted, and what it had is lost.</returns>
    public bool Apply(Address address, EmbedWindow window, bool isAnnounced, TimeSpan now)
    {
        if (!_embedders.TryGetValue(address, out Embedder? known))
        {
            if (isAnnounced)
            {
                _embedders.Add(address, new Embedder(window, now));
            }

            return false;
        }

        if (!known.Is(window.Incarnation))
        {
            _embedders[address] = new Embedder(window, now);
            return true;
        }

        if (window.Sequence > known.Window.Sequence)
        {
            (known.Window, known.ReceivedAt, known.SentSince) = (window, now, 0);
            known.IsSuspended &= !isAnnounced;
        }

        return false;
    }

    /// <summary>The embedder that would be done first with a request, among those whose window has room for it; null: none.</summary>
    public Address? Pick(EmbedKey key, int images, TimeSpan now)
    {
        // One that has run nothing yet is taken to be as fast as the fastest, or it would never be tried.
        double fastest = _embedders.Values.Select(embedder => embedder.Window.ImagesPerSecond).Append(1).Max();
        return _embedders
            .Where(entry => entry.Value.HasRoom(key, images, now))
            .OrderBy(entry => (entry.Value.Ahead + images) / (entry.Value.Window.ImagesPerSecond > 0 ? entry.Value.Window.ImagesPerSecond : fastest))
            .FirstOrDefault()
            .Key;
    }

    /// <summary>Pictures are sent to an embedder that was picked.</summary>
    /// <returns>Its incarnation, and how long it may take.</returns>
    public (string Incarnation, TimeSpan Budget) Sent(Address address, int images)
    {
        Embedder embedder = _embedders[address];
        embedder.InFlight += images;
        embedder.SentSince += images;
        return (embedder.Window.Incarnation, TimeBudget.Of(embedder.Ahead, embedder.Window.ImagesPerSecond));
    }

    /// <summary>Pictures came back, served or not.</summary>
    public void Returned(Address address, string incarnation, int images)
    {
        if (Find(address, incarnation) is Embedder embedder)
        {
            embedder.InFlight -= images;
        }
    }

    /// <summary>An embedder did not serve a request: it gets no other before it announces a window again.</summary>
    public void Suspend(Address address, string incarnation)
    {
        if (Find(address, incarnation) is Embedder embedder)
        {
            embedder.IsSuspended = true;
        }
    }

    public void Remove(Address address) => _embedders.Remove(address);

    private Embedder? Find(Address address, string incarnation) =>
        _embedders.TryGetValue(address, out Embedder? known) && known.Is(incarnation) ? known : null;

    private sealed class Embedder(EmbedWindow window, TimeSpan receivedAt)
    {
        public EmbedWindow Window { get; set; } = window;

        public TimeSpan ReceivedAt { get; set; } = receivedAt;

        public int InFlight { get; set; }

        /// <summary>Pictures sent since the window came, which does not count them.</summary>
        public int SentSince { get; set; }

        public bool IsSuspended { get; set; }

        /// <summary>Pictures that it has, or will have, before whatever is sent now.</summary>
        public int Ahead => Window.Queued + SentSince;

        public bool Is(string incarnation) => string.Equals(Window.Incarnation, incarnation, StringComparison.Ordinal);

        public bool HasRoom(EmbedKey key, int images, TimeSpan now) =>
            !IsSuspended && Window.Key == key && InFlight + images <= Window.Images && now - ReceivedAt <= EmbedWindow.Lifetime;
    }
}
