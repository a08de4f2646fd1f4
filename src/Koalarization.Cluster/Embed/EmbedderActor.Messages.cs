using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

internal sealed partial class EmbedderActor
{
    /// <summary>Take nothing new, and say <see cref="Left"/> when what there is has been served, or after a while in any case.</summary>
    public sealed record PrepareToLeave(TimeSpan Patience) : INoSerializationVerificationNeeded;

    /// <summary>Nothing is left, and nobody will send anything more.</summary>
    public sealed record Left : INoSerializationVerificationNeeded
    {
        public static readonly Left Instance = new();
    }

    private sealed record DevicesLoaded(IReadOnlyList<IInferenceDevice> Devices) : INoSerializationVerificationNeeded;

    private sealed record DevicesFailed(string Reason) : INoSerializationVerificationNeeded;

    private sealed record PictureLoaded(PictureInWork Picture, LoadedPicture Loaded) : INoSerializationVerificationNeeded;

    private sealed record LaneShrunk(InferenceLane Lane, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record Feed : INoSerializationVerificationNeeded
    {
        public static readonly Feed Instance = new();
    }

    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed record StopServing : INoSerializationVerificationNeeded
    {
        public static readonly StopServing Instance = new();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Ready to embed with {Key}: {Devices} device(s), {Slots} pictures at once")]
        public static partial void Ready(ILogger logger, EmbedKey key, int devices, int slots);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The device's memory does not hold {Pictures} pictures; from now on batches have {Fewer}")]
        public static partial void Shrinking(ILogger logger, int pictures, int fewer);

        [LoggerMessage(Level = LogLevel.Error, Message = "A device failed")]
        public static partial void DeviceFailed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "This node cannot embed: {Reason}")]
        public static partial void Useless(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A picture cannot be embedded: {Fault}")]
        public static partial void Unreadable(ILogger logger, string fault);
    }
}
