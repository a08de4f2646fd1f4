using Akka.Actor;
using Akka.Streams;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Records;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.Writing.WriteProtocol;

namespace Koalarization.Cluster.Writing;

/// <content>The writer's own messages and log lines.</content>
internal sealed partial class RecordWriter
{
    /// <summary>Sharding stops a writer.</summary>
    internal sealed record StopWriting : INoSerializationVerificationNeeded
    {
        public static StopWriting Instance { get; } = new();
    }

    /// <summary>The work ended; neither a manifest nor a fault: it was dropped.</summary>
    private sealed record Ended(WriteRecord Write, RecordManifest? Manifest, Exception? Fault) : INoSerializationVerificationNeeded;

    private sealed record Retry(WriteRecord Write, int Faults) : INoSerializationVerificationNeeded;

    private sealed record EpochLookedUp(WriteRecord Write, bool IsPublished) : INoSerializationVerificationNeeded;

    private sealed record LeaveTimedOut : INoSerializationVerificationNeeded;

    private sealed record ProgressDue : INoSerializationVerificationNeeded;

    /// <summary>Work under way.</summary>
    private sealed record ActiveRecord(WriteRecord Write, RecordPipeline Pipeline) : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();

        public async Task<Ended> RunAsync(IMaterializer materializer)
        {
            CancellationToken cancellation = _cancellation.Token;
            try
            {
                return new Ended(Write, await Pipeline.RunAsync(materializer, cancellation), Fault: null);
            }
            catch (Exception exception)
            {
                return new Ended(Write, Manifest: null, cancellation.IsCancellationRequested ? null : exception);
            }
        }

        public void Cancel() => _cancellation.Cancel();

        public void Dispose()
        {
            _cancellation.Cancel();
            _cancellation.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Record {Record} started: {Pictures} pictures.")]
        public static partial void Begins(ILogger logger, RecordId record, int pictures);

        [LoggerMessage(Level = LogLevel.Information, Message = "Record {Record} committed: {Pictures} pictures, {LeftOut} left out.")]
        public static partial void Committed(ILogger logger, RecordId record, int pictures, int leftOut);

        [LoggerMessage(Level = LogLevel.Information, Message = "Record {Record} dropped before it was committed.")]
        public static partial void Dropped(ILogger logger, RecordId record);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Record} could not be written.")]
        public static partial void Fails(ILogger logger, RecordId record, Exception fault);

        [LoggerMessage(Level = LogLevel.Information, Message = "Record {Record} ignored: its coordinator's epoch {Epoch} is over.")]
        public static partial void OldEpoch(ILogger logger, RecordId record, long epoch);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Record} ignored: epoch {Epoch} of its data set is not in the store.")]
        public static partial void UnknownEpoch(ILogger logger, RecordId record, long epoch);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Record {Record} ignored: this node is leaving.")]
        public static partial void Leaves(ILogger logger, RecordId record);
    }
}
