using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

/// <summary>What the writers of one node share.</summary>
/// <param name="Node">The process's parts.</param>
/// <param name="Turns">Who asks for logits.</param>
/// <param name="EmbedClient">Gets the logits.</param>
/// <param name="Coordinator">Is told how far records are.</param>
/// <param name="Logger">Where it is logged.</param>
internal sealed record RecordWriterParts(NodeParts Node, WriteTurns Turns, ICanTell EmbedClient, ICanTell Coordinator, ILogger Logger);
