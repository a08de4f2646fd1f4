using Akka.Actor;

namespace Koalarization.Cluster.Embedding;

/// <summary>A request that is to be sent now.</summary>
/// <param name="Number">Its number.</param>
/// <param name="To">The embedder's member.</param>
/// <param name="Ask">The pictures.</param>
internal sealed record Dispatch(long Number, Address To, EmbedForRecord Ask);
