namespace Koalarization.Cluster;

/// <summary>
/// Between a write node's <c>/user/embed-client</c> and the embed nodes' <c>/user/embedder</c>, through the router <c>/user/embed</c>. A client sends
/// only what an embedder has granted it a slot for; a slot is one picture.
/// </summary>
public static class EmbedProtocol
{
    /// <summary>The router on a write node.</summary>
    public const string RouterName = "embed";

    /// <summary>The client on a write node.</summary>
    public const string ClientName = "embed-client";

    /// <summary>The embedder on an embed node.</summary>
    public const string EmbedderName = "embedder";

    /// <summary>Pictures of one request: its answer is 64 KB of logits.</summary>
    public const int MostImages = 16;

    /// <summary>Logits of a picture.</summary>
    public const int Logits = 1001;

    /// <summary>A picture, by reference.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Sha256">The hash that its bytes have.</param>
    public sealed record ImageReference(string Name, string Sha256);

    /// <summary>A request's number: the client's incarnation, and a count.</summary>
    /// <param name="Client">The client's process and start.</param>
    /// <param name="Number">Counted by the client.</param>
    public readonly record struct RequestId(string Client, long Number);

    /// <summary>Compute logits. → <see cref="ImagesEmbedded"/> or <see cref="EmbeddingRejected"/>.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Key">The network.</param>
    /// <param name="Data">The data set's folder, relative to the store.</param>
    /// <param name="FansOut">Whether its picture folders fan out.</param>
    /// <param name="Images">1 to <see cref="MostImages"/>.</param>
    public sealed record EmbedImages(RequestId Request, EmbedKey Key, string Data, bool FansOut, IReadOnlyList<ImageReference> Images) : IWireMessage;

    /// <summary>The logits of a request.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Logits">
    /// Little-endian float32, [N, 1001] over the images that have any, in their order.
    /// </param>
    /// <param name="Missing">Places of images that have none, because they do not decode although their hash is right.</param>
    /// <param name="Credit">The embedder's state.</param>
    public sealed record ImagesEmbedded(RequestId Request, ReadOnlyMemory<byte> Logits, IReadOnlyList<int> Missing, Credit Credit) : IWireMessage;

    /// <summary>A request that is not served; nothing of it was computed, or it is lost.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">The particular, for people; cut at <see cref="MostDetailBytes"/> between nodes.</param>
    /// <param name="Credit">The embedder's state.</param>
    public sealed record EmbeddingRejected(RequestId Request, RejectionReason Reason, string? Detail, Credit Credit) : IWireMessage
    {
        /// <summary>Bytes of a detail between nodes.</summary>
        public const int MostDetailBytes = 1000;
    }

    /// <summary>Why a request is not served.</summary>
    public enum RejectionReason
    {
        /// <summary>More than was granted: another embedder, or later.</summary>
        Full,

        /// <summary>The network is being loaded, or the embedder leaves.</summary>
        NotReady,

        /// <summary>Another network than asked for.</summary>
        OtherKey,

        /// <summary>A picture cannot be read (<see cref="EmbeddingRejected.Detail"/> names it): not there, another hash, an I/O error.</summary>
        Unreadable,

        /// <summary>The device failed.</summary>
        DeviceFailed,
    }

    /// <summary>What an embedder grants a client. Absolute, and void when nothing more is heard for <see cref="Patience"/>.</summary>
    /// <param name="Incarnation">The embedder's process and start; another one: all that it had is lost.</param>
    /// <param name="Sequence">Grows with every word of this incarnation to this client: an older word says nothing any more.</param>
    /// <param name="Key">Its network; null while there is none ready.</param>
    /// <param name="Slots">Pictures of this client that it takes in all, those in work included.</param>
    /// <param name="ImagesPerSecond">Its rate, all clients together; 0: not known yet.</param>
    /// <param name="Queued">Pictures that it has in work, of all clients.</param>
    public sealed record Credit(string Incarnation, long Sequence, EmbedKey? Key, int Slots, double ImagesPerSecond, int Queued)
    {
        /// <summary>How long a word is believed.</summary>
        public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    }

    /// <summary>
    /// A client says what it could use, to every embedder, once a second while it wants something and when it begins to. → <see cref="CreditGranted"/>; nothing when it
    /// wants nothing any more, which is also its answer to <see cref="EmbedderLeaving"/>.
    /// </summary>
    /// <param name="Client">The client's process and start.</param>
    /// <param name="Wanted">Pictures that wait or are in work, by network.</param>
    public sealed record CreditWanted(string Client, IReadOnlyList<ClientDemand> Wanted) : IWireMessage;

    /// <summary>A client's need of one network.</summary>
    public sealed record ClientDemand(EmbedKey Key, int Images);

    /// <summary>An embedder's word when there is nothing to answer.</summary>
    public sealed record CreditGranted(Credit Credit) : IWireMessage;

    /// <summary>An embedder leaves: nothing new goes to it, what it has is served. → an empty <see cref="CreditWanted"/>, the client's last word to it.</summary>
    public sealed record EmbedderLeaving(string Incarnation) : IWireMessage;
}
