using Akka.Actor;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster;

internal sealed partial class EmbedClient
{
    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Speak : INoSerializationVerificationNeeded
    {
        public static readonly Speak Instance = new();
    }

    private sealed record AskedBefore(EmbedForRecord Ask, int Starts) : INoSerializationVerificationNeeded;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The embedder at {Embedder} does not serve a request: {Reason} {Detail}")]
        public static partial void Rejected(ILogger logger, Address embedder, RejectionReason reason, string? detail);

        [LoggerMessage(Level = LogLevel.Information, Message = "The embedder at {Embedder} is gone; what it had goes to others")]
        public static partial void Lost(ILogger logger, Address embedder);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Requests} requests to embedders took too long; others are asked")]
        public static partial void Expired(ILogger logger, int requests);
    }
}
