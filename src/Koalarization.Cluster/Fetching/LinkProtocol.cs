using Akka.Actor;
using Akka.Event;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;

namespace Koalarization.Cluster.Fetching;

/// <summary>The messages between the actors of one fetch node. Nothing of it leaves the process.</summary>
internal static class LinkProtocol
{
    /// <summary>
    /// Fetch a link to its final outcome, to the downloader, which answers the sender once: <see cref="LinkFetched"/> or <see cref="LinkNotFetched"/>.
    /// One link for each sender (<see cref="LinkFetchClient"/>).
    /// </summary>
    /// <param name="Link">The link.</param>
    /// <param name="Source">Where its host's limit comes from.</param>
    /// <param name="Progress">Counts the links that wait.</param>
    /// <param name="Driver">Takes its steps, by the rules of its round; null: by the node's own options.</param>
    public sealed record FetchLink(Link Link, IHostLimitSource Source, SliceProgress Progress, FetchDriver? Driver = null) : INoSerializationVerificationNeeded;

    /// <summary>Cancel the sender's link, to the downloader. → <see cref="LinkNotFetched"/>, or <see cref="LinkFetched"/> when it was done before.</summary>
    public sealed record CancelFetch : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static CancelFetch Instance { get; } = new();
    }

    /// <summary>A link's outcome is final; the receiver disposes it.</summary>
    public sealed record LinkFetched(DownloadedLink Link) : INoSerializationVerificationNeeded;

    /// <summary>A link has no outcome: it was cancelled, its fetches crashed, or the downloader was stopped.</summary>
    public sealed record LinkNotFetched(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>A try came to its end, from a fetch actor to the downloader.</summary>
    public sealed record TryEnded(LinkFetch Fetch) : INoSerializationVerificationNeeded;

    /// <summary>A try's outcome may be the network's fault and is not judged yet, from a fetch actor to the downloader.</summary>
    public sealed record OutcomePending : INoSerializationVerificationNeeded
    {
        public static OutcomePending Instance { get; } = new();
    }

    /// <summary>Take no more slices, end what can be ended, hand the rest back, to the node. → <see cref="NodeIsEmpty"/>.</summary>
    public sealed record EmptyNode : INoSerializationVerificationNeeded
    {
        public static EmptyNode Instance { get; } = new();
    }

    /// <summary>The node holds nothing any more.</summary>
    public sealed record NodeIsEmpty : INoSerializationVerificationNeeded
    {
        public static NodeIsEmpty Instance { get; } = new();
    }
}
