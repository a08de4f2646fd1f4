using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>A request that is to go out.</summary>
/// <param name="Number">Its number.</param>
/// <param name="To">The embedder's member.</param>
/// <param name="Ask">What it is for.</param>
internal sealed record EmbedSending(long Number, Address To, EmbedForRecord Ask);
