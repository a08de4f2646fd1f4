using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Streams;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Records;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.Writing.WriteProtocol;

namespace Koalarization.Cluster.Writing;

/// <summary>
/// Writes one record, and stops when it is committed. A message that comes again finds the work under way, or the manifest. A writer whose node leaves ends a
/// record that has all its logits, and drops one that has not: it is written elsewhere, and what this writer made has no name.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "An actor disposes of its work in PostStop.")]
internal sealed partial class RecordWriter : ReceiveActor, IWithTimers
{
    /// <summary>How long a leaving node waits for a record that is nearly done: less than sharding gives it.</summary>
    public static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(12);

    private const int MaxTries = 3;

    // What it reports is what people watch.
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressIntervalWhenAlone = TimeSpan.FromMilliseconds(200);

    private readonly NodeServices _node;
    private readonly EmbedTurnstile _turnstile;
    private readonly ICanTell _embedClient;
    private readonly ICanTell _coordinator;
    private readonly ILogger _logger;
    private ActiveRecord? _work;
    private WriteRecord? _lookingUp;
    private int _faults;
    private int _reported;
    private bool _isLeaving;

    /// <param name="node">What it works with.</param>
    /// <param name="turnstile">Which of the node's records asks for logits.</param>
    /// <param name="embedClient">Gets the logits.</param>
    /// <param name="coordinator">Receives the record's progress and end.</param>
    /// <param name="logger">Where it logs.</param>
    public RecordWriter(NodeServices node, EmbedTurnstile turnstile, ICanTell embedClient, ICanTell coordinator, ILogger logger)
    {
        (_node, _turnstile, _embedClient, _coordinator, _logger) = (node, turnstile, embedClient, coordinator, logger);
        Receive<WriteRecord>(Take);
        Receive<EpochLookedUp>(OnEpochLookedUp);
        Receive<Retry>(retry => Begin(retry.Write, retry.Faults));
        Receive<AbandonRecord>(_ => Drop());
        Receive<Ended>(ended => End(ended));
        Receive<ProgressDue>(_ => ReportProgress());
        Receive<StopWriting>(_ => Leave());
        Receive<LeaveTimedOut>(_ => Context.Stop(Self));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private NodeOwner Owner => _node.Stores.Owner;

    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Ended { Fault: not null } ended)
        {
            Self.Tell(new Retry(ended.Write, _faults + 1));
        }

        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _work?.Dispose();
        base.PostStop();
    }

    private void OnEpochLookedUp(EpochLookedUp looked)
    {
        if (!ReferenceEquals(looked.Write, _lookingUp))
        {
            // It was abandoned meanwhile.
            PassivateIfIdle();
        }
        else if (looked.IsPublished)
        {
            Take(looked.Write);
        }
        else
        {
            Log.UnknownEpoch(_logger, looked.Write.Record, looked.Write.Epoch);
            PassivateIfIdle();
        }
    }

    private void Take(WriteRecord write)
    {
        if (_node.Epochs.IsNew(write.Data, write.Epoch))
        {
            _lookingUp = write;
            _ = Task.Run(() => _node.Epochs.LookUp(write.Data, write.Epoch))
                .PipeTo(Self, success: isPublished => new EpochLookedUp(write, isPublished), failure: _ => new EpochLookedUp(write, IsPublished: false));
        }
        else if (!_node.Epochs.Accepts(write.Data, write.Epoch))
        {
            Log.OldEpoch(_logger, write.Record, write.Epoch);
            PassivateIfIdle();
        }
        else if (_isLeaving)
        {
            Log.Leaves(_logger, write.Record);
        }
        else if (_work is ActiveRecord work)
        {
            Report(work);
        }
        else
        {
            Begin(write, faults: 0);
        }
    }

    private void Begin(WriteRecord write, int faults)
    {
        if (_work is not null || _isLeaving)
        {
            return;
        }

        _faults = faults;
        _work = new ActiveRecord(write, new RecordPipeline(write, _node, EmbedAsync, _turnstile));
        Log.Begins(_logger, write.Record, write.Count);
        _ = _work.RunAsync(Context.Materializer()).PipeTo(Self);
        Report(_work);
        Timers.StartPeriodicTimer(nameof(ProgressDue), new ProgressDue(), _node.IsAlone ? ProgressIntervalWhenAlone : ProgressInterval);
    }

    private void ReportProgress()
    {
        if (_work is ActiveRecord work && work.Pipeline.Embedded != _reported)
        {
            Report(work);
        }
    }

    private void Report(ActiveRecord work)
    {
        _reported = work.Pipeline.Embedded;
        Tell(new RecordProgress(work.Write.Record, Owner, _reported, work.Write.Count));
    }

    private Task<EmbedReply> EmbedAsync(EmbedForRecord request, CancellationToken cancellation) =>
        _embedClient.Ask<EmbedReply>(request, cancellation);

    private void End(Ended ended)
    {
        _work!.Dispose();
        _work = null;
        Timers.Cancel(nameof(ProgressDue));
        switch (ended)
        {
            case { Manifest: RecordManifest manifest }:
                Log.Committed(_logger, ended.Write.Record, manifest.Pictures, manifest.LeftOut.Count);
                Tell(new RecordCommitted(ended.Write.Record, Owner, manifest.Pictures, manifest.LeftOut.Count, manifest.Bytes, manifest.Sha256));
                break;
            case { Fault: Exception fault } when IsUnknown(fault) && _faults + 1 < MaxTries && !_isLeaving:
                Log.Fails(_logger, ended.Write.Record, fault);
                throw new RecordWriterException(ended.Write.Record, fault);
            case { Fault: Exception fault }:
                Log.Fails(_logger, ended.Write.Record, fault);
                Tell(new RecordFailed(
                    ended.Write.Record, Owner, SentenceOf(fault, continues: !_node.IsAlone), _node.IsAlone || IsFinal(fault))
                {
                    IsStoreFault = !_node.IsAlone && StoreFault.MayPass(fault is RecordUnreadableException { InnerException: Exception cause } ? cause : fault),
                });
                break;
            default:
                Log.Dropped(_logger, ended.Write.Record);
                break;
        }

        PassivateIfIdle();
    }

    private void Drop()
    {
        _lookingUp = null;
        _work?.Cancel();
        PassivateIfIdle();
    }

    private void Leave()
    {
        _isLeaving = true;
        if (_work is ActiveRecord work)
        {
            if (!work.Pipeline.HasAllLogits)
            {
                work.Cancel();
            }

            Timers.StartSingleTimer(nameof(LeaveTimedOut), new LeaveTimedOut(), LeaveTimeout);
        }
        else
        {
            Context.Stop(Self);
        }
    }

    /// <summary>A writer without work is not needed: the next message starts another.</summary>
    private void PassivateIfIdle()
    {
        if (_work is null && _isLeaving)
        {
            Context.Stop(Self);
        }
        else if (_work is null)
        {
            Context.Parent.Tell(new Passivate(StopWriting.Instance));
        }
    }

    private void Tell(IWireMessage message) => _coordinator.Tell(message, Self);

    /// <summary>Whether no other node can write it either.</summary>
    private static bool IsFinal(Exception fault) => fault is RecordConflictException;

    /// <summary>It in one sentence.</summary>
    private static string SentenceOf(Exception fault, bool continues) =>
        fault is RecordUnreadableException or CodecMismatchException or RecordConflictException ? fault.Message : StoreFault.Sentence(fault, continues);

    /// <summary>Whether it is none of the failures that disks and networks have.</summary>
    private static bool IsUnknown(Exception fault) =>
        fault is not (RecordUnreadableException or CodecMismatchException or IOException or UnauthorizedAccessException or InvalidDataException);

    /// <summary>A failure of a kind that is not expected: the supervisor restarts the writer, a few times, with the same record.</summary>
    private sealed class RecordWriterException(RecordId record, Exception fault) : Exception($"Writing record {record} failed: {fault.Message}", fault);
}
