using Akka.Actor;
using Akka.Streams;
using Koalarization.Dataset;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.WriteProtocol;

namespace Koalarization.Cluster;

/// <content>What a writer tells itself, and what is logged.</content>
internal sealed partial class RecordWriter
{
    /// <summary>Sharding lets a writer go.</summary>
    internal sealed record StopWriting : INoSerializationVerificationNeeded
    {
        public static StopWriting Instance { get; } = new();
    }

    /// <summary>The work came to an end; neither a manifest nor a fault: it was dropped.</summary>
    private sealed record Ended(WriteRecord Write, RecordManifest? Manifest, Exception? Fault) : INoSerializationVerificationNeeded;

    private sealed record Again(WriteRecord Write, int Faults) : INoSerializationVerificationNeeded;

    private sealed record WaitedEnough : INoSerializationVerificationNeeded;

    /// <summary>Work under way.</summary>
    private sealed record RecordInWork(WriteRecord Write, RecordWriting Writing) : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();

        public async Task<Ended> RunAsync(IMaterializer materializer)
        {
            CancellationToken cancellation = _cancellation.Token;
            try
            {
                return new Ended(Write, await Writing.RunAsync(materializer, cancellation), Fault: null);
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
        [LoggerMessage(Level = LogLevel.Debug, Message = "Record {Record} is begun, {Pictures} pictures.")]
        public static partial void Begins(ILogger logger, RecordId record, int pictures);

        [LoggerMessage(Level = LogLevel.Information, Message = "Record {Record} stands: {Pictures} pictures, {LeftOut} left out.")]
        public static partial void Stands(ILogger logger, RecordId record, int pictures, int leftOut);

        [LoggerMessage(Level = LogLevel.Information, Message = "Record {Record} is dropped before it was written.")]
        public static partial void Dropped(ILogger logger, RecordId record);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Record} cannot be written here and now.")]
        public static partial void Fails(ILogger logger, RecordId record, Exception fault);

        [LoggerMessage(Level = LogLevel.Information, Message = "Record {Record} was asked for by a coordinator of epoch {Epoch}, which has been followed by another.")]
        public static partial void OldEpoch(ILogger logger, RecordId record, long epoch);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Record {Record} is for another node: this one leaves.")]
        public static partial void Leaves(ILogger logger, RecordId record);
    }
}
