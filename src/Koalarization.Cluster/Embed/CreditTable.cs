using System.Collections.Immutable;
using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>What a client may send to whom. Immutable; an embedder is known by its member's address, and starts anew with every incarnation.</summary>
internal sealed class CreditTable
{
    private readonly ImmutableSortedDictionary<Address, EmbedderCredit> _embedders;

    private CreditTable(ImmutableSortedDictionary<Address, EmbedderCredit> embedders) => _embedders = embedders;

    public static CreditTable Empty { get; } = new(ImmutableSortedDictionary.Create<Address, EmbedderCredit>(Akka.Cluster.Member.AddressOrdering));

    public EmbedderCredit? this[Address embedder] => _embedders.GetValueOrDefault(embedder);

    /// <summary>Takes an embedder's word in, unless it is older than what is known.</summary>
    /// <param name="embedder">Who says it.</param>
    /// <param name="word">What it says.</param>
    /// <param name="isUnasked">Whether it came by itself, not with the answer to a request.</param>
    /// <param name="now">When.</param>
    public CreditTable Hear(Address embedder, EmbedProtocol.Credit word, bool isUnasked, TimeSpan now)
    {
        if (this[embedder] is not EmbedderCredit known || !IsSame(known, word.Incarnation))
        {
            return With(embedder, new EmbedderCredit(word, now, InUse: 0, SentSince: 0, IsResting: false, IsLeaving: false));
        }

        return word.Sequence <= known.Word.Sequence
            ? this
            : With(embedder, known with { Word = word, HeardAt = now, SentSince = 0, IsResting = known.IsResting && !isUnasked });
    }

    /// <summary>The embedder that would be done first with a request, among those that may be sent it; null: none.</summary>
    public Address? Pick(EmbedKey key, int images, TimeSpan now)
    {
        Address? best = null;
        double bestSeconds = double.PositiveInfinity;
        double fastest = _embedders.Values.Select(embedder => embedder.Word.ImagesPerSecond).DefaultIfEmpty().Max();
        foreach ((Address address, EmbedderCredit embedder) in _embedders)
        {
            if (!embedder.Takes(key, images, now))
            {
                continue;
            }

            // Who has run nothing yet is thought as fast as the fastest, or it would never be tried.
            double rate = embedder.Word.ImagesPerSecond > 0 ? embedder.Word.ImagesPerSecond : Math.Max(fastest, 1);
            double seconds = (embedder.Ahead + images) / rate;
            if (seconds < bestSeconds)
            {
                (best, bestSeconds) = (address, seconds);
            }
        }

        return best;
    }

    public CreditTable Sent(Address embedder, int images) =>
        this[embedder] is EmbedderCredit known
            ? With(embedder, known with { InUse = known.InUse + images, SentSince = known.SentSince + images })
            : throw new ArgumentException($"{embedder} has granted nothing.", nameof(embedder));

    /// <summary>Pictures came back, served or not.</summary>
    public CreditTable Returned(Address embedder, string incarnation, int images) =>
        this[embedder] is EmbedderCredit known && IsSame(known, incarnation) ? With(embedder, known with { InUse = known.InUse - images }) : this;

    public CreditTable Rest(Address embedder, string incarnation) =>
        this[embedder] is EmbedderCredit known && IsSame(known, incarnation) ? With(embedder, known with { IsResting = true }) : this;

    public CreditTable Leaving(Address embedder, string incarnation) =>
        this[embedder] is EmbedderCredit known && IsSame(known, incarnation) ? With(embedder, known with { IsLeaving = true }) : this;

    public CreditTable Forget(Address embedder) => new(_embedders.Remove(embedder));

    private static bool IsSame(EmbedderCredit known, string incarnation) => string.Equals(known.Word.Incarnation, incarnation, StringComparison.Ordinal);

    private CreditTable With(Address embedder, EmbedderCredit credit) => new(_embedders.SetItem(embedder, credit));
}
