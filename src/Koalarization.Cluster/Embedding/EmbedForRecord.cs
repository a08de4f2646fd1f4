using Koalarization.Cluster.Coordination;

namespace Koalarization.Cluster.Embedding;

/// <summary>
/// Asks the write node's <c>/user/embed-client</c> for logits; it stays in the process. → <see cref="EmbeddingsReady"/> or <see cref="EmbeddingFailed"/>, once.
/// </summary>
/// <param name="Key">The network.</param>
/// <param name="Data">The data set's folder, relative to the store.</param>
/// <param name="FansOut">Whether its picture folders fan out.</param>
/// <param name="Images">1 to <see cref="EmbedProtocol.MaxImages"/>.</param>
/// <param name="Tag">Comes back with the answer.</param>
internal sealed record EmbedForRecord(EmbedKey Key, string Data, bool FansOut, IReadOnlyList<EmbedProtocol.ImageReference> Images, object? Tag = null);

/// <summary>The answer to <see cref="EmbedForRecord"/>.</summary>
internal abstract record EmbedReply(EmbedForRecord Request);

/// <summary>The logits.</summary>
/// <param name="Asked">What was asked.</param>
/// <param name="Logits">Little-endian float32, [N, 1001] over the images that have any, in their order.</param>
/// <param name="Undecodable">Indices of images that have none, because they do not decode although their hash is right.</param>
internal sealed record EmbeddingsReady(EmbedForRecord Asked, ReadOnlyMemory<byte> Logits, IReadOnlyList<int> Undecodable) : EmbedReply(Asked);

/// <summary>There are no logits, here and now: a picture cannot be read, embedders were lost with these pictures, or this process stops asking.</summary>
/// <param name="Asked">What was asked.</param>
/// <param name="Detail">Why, for people.</param>
internal sealed record EmbeddingFailed(EmbedForRecord Asked, string Detail) : EmbedReply(Asked);
