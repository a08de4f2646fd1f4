using Koalarization.Cluster.Coordination;

namespace Koalarization.Cluster.Embedding;

/// <summary>
/// On the process's event stream: the networks that its embedder has ready. Published every second, for actors that start later.
/// </summary>
/// <param name="Networks">None: it is loading, leaves, or has lost its device.</param>
internal sealed record NetworksReady(IReadOnlyList<EmbedKey> Networks);

/// <summary>On the process's event stream: the embedder has no device that it can use, and the node is of no use as one that embeds.</summary>
/// <param name="Reason">Why, in one sentence.</param>
internal sealed record DeviceLost(string Reason);
