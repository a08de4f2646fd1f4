using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Embedding;

/// <summary>
/// Between a write node's <c>/user/embed-client</c> and the embed nodes' <c>/user/embedder</c>. An embedder announces a window to each client once a second
/// and with every answer; a client has at most that many pictures in flight with it. Requests go through the router <c>/user/embed</c>.
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
    public const int MaxImages = 16;

    /// <summary>Logits of a picture.</summary>
    public const int Logits = 1001;

    /// <summary>A picture, by reference.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Sha256">The hash that its bytes have.</param>
    public sealed record ImageReference(string Name, string Sha256);

    /// <summary>A request's number.</summary>
    /// <param name="Client">The client's process and start.</param>
    /// <param name="Number">Counted by the client.</param>
    public readonly record struct RequestId(string Client, long Number);

    /// <summary>Compute logits. → <see cref="ImagesEmbedded"/> or <see cref="EmbeddingRejected"/>.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Key">The network.</param>
    /// <param name="Data">The data set's folder, relative to the store.</param>
    /// <param name="FansOut">Whether its picture folders fan out.</param>
    /// <param name="Images">1 to <see cref="MaxImages"/>.</param>
    public sealed record EmbedImages(RequestId Request, EmbedKey Key, string Data, bool FansOut, IReadOnlyList<ImageReference> Images) : IWireMessage;

    /// <summary>The logits of a request.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Logits">Little-endian float32, [N, 1001] over the images that have any, in their order.</param>
    /// <param name="Undecodable">Indices of images that have none, because they do not decode although their hash is right.</param>
    /// <param name="Window">The client's window from now on.</param>
    public sealed record ImagesEmbedded(RequestId Request, ReadOnlyMemory<byte> Logits, IReadOnlyList<int> Undecodable, EmbedWindow Window) : IWireMessage;

    /// <summary>A request that is not served; nothing of it was computed, or it is lost.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">The particular, for people; cut at <see cref="MaxDetailBytes"/> between nodes.</param>
    /// <param name="Window">The client's window from now on.</param>
    public sealed record EmbeddingRejected(RequestId Request, RejectionReason Reason, string? Detail, EmbedWindow Window) : IWireMessage
    {
        /// <summary>Bytes of a detail between nodes.</summary>
        public const int MaxDetailBytes = 1000;
    }

    /// <summary>Why a request is not served.</summary>
    public enum RejectionReason
    {
        /// <summary>The embedder has too much in work: another one, or later.</summary>
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

    /// <summary>How much a client may have in flight with an embedder. Absolute, and void after <see cref="Lifetime"/> of silence.</summary>
    /// <param name="Incarnation">The embedder's process and start; another one: all that it had is lost.</param>
    /// <param name="Sequence">Grows with every window of this incarnation: one with a smaller number is out of date.</param>
    /// <param name="Key">Its network; null while it loads, or when it leaves or has lost its devices.</param>
    /// <param name="Images">Pictures that the client may have in flight with it.</param>
    /// <param name="ImagesPerSecond">Its rate, all clients together; 0: not known yet.</param>
    /// <param name="Queued">Pictures that it has in work, of all clients.</param>
    public sealed record EmbedWindow(string Incarnation, long Sequence, EmbedKey? Key, int Images, double ImagesPerSecond, int Queued)
    {
        /// <summary>How long a window lasts.</summary>
        public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    }

    /// <summary>From an embedder to each write node's client, once a second and whenever its network becomes ready or is no longer.</summary>
    public sealed record WindowAnnounced(EmbedWindow Window) : IWireMessage;
}
