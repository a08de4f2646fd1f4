using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Streams;
using Koalarization.Dataset;
using static Koalarization.Cluster.WriteProtocol;

namespace Koalarization.Cluster;

/// <summary>
/// Writes one record, and is gone when it stands. Whatever comes again finds the work that is under way, or the manifest. A writer that must leave ends a
/// record that has all its logits, and drops one that has not: it is written elsewhere, and what this one made has no name.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "An actor lets go of what it has when it stops.")]
internal sealed partial class RecordWriter : ReceiveActor, IWithTimers
{
    /// <summary>How long leaving waits for a record that is nearly done: less than sharding gives it.</summary>
    public static readonly TimeSpan LeavingTakes = TimeSpan.FromSeconds(12);

    private const int TriesOfAFault = 3;

    private readonly RecordWriterParts _parts;
    private RecordInWork? _work;
    private int _faults;
    private bool _leaves;

    public RecordWriter(RecordWriterParts parts)
    {
        _parts = parts;
        Receive<WriteRecord>(Take);
        Receive<Again>(again => Begin(again.Write, again.Faults));
        Receive<AbandonRecord>(_ => Drop());
        Receive<Ended>(ended => End(ended));
        Receive<StopWriting>(_ => Leave());
        Receive<WaitedEnough>(_ => Context.Stop(Self));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private NodeOwner Owner => _parts.Node.Stores.Owner;

    protected override void PreRestart(Exception reason, object message)
    {
        if (message is Ended { Fault: not null } ended)
        {
            Self.Tell(new Again(ended.Write, _faults + 1));
        }

        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _work?.Dispose();
        base.PostStop();
    }

    private void Take(WriteRecord write)
    {
        if (!_parts.Node.Epochs.Accepts(write.Data, write.Epoch))
        {
            Log.OldEpoch(_parts.Logger, write.Record, write.Epoch);
            Rest();
        }
        else if (_leaves)
        {
            Log.Leaves(_parts.Logger, write.Record);
        }
        else if (_work is RecordInWork work)
        {
            Tell(new RecordProgress(write.Record, Owner, work.Writing.Embedded, work.Write.Count));
        }
        else
        {
            Begin(write, faults: 0);
        }
    }

    private void Begin(WriteRecord write, int faults)
    {
        if (_work is not null || _leaves)
        {
            return;
        }

        _faults = faults;
        var writing = new RecordWriting(write, _parts.Node, EmbedAsync, _parts.Turns);
        _work = new RecordInWork(write, writing);
        Log.Begins(_parts.Logger, write.Record, write.Count);
        _ = _work.RunAsync(Context.Materializer()).PipeTo(Self);
        Tell(new RecordProgress(write.Record, Owner, 0, write.Count));
    }

    private Task<EmbedReply> EmbedAsync(EmbedForRecord request, CancellationToken cancellation) =>
        _parts.EmbedClient.Ask<EmbedReply>(request, cancellation);

    private void End(Ended ended)
    {
        _work!.Dispose();
        _work = null;
        switch (ended)
        {
            case { Manifest: RecordManifest manifest }:
                Log.Stands(_parts.Logger, ended.Write.Record, manifest.Pictures, manifest.LeftOut.Count);
                Tell(new RecordWritten(ended.Write.Record, Owner, manifest.Pictures, manifest.LeftOut.Count, manifest.Bytes, manifest.Sha256));
                break;
            case { Fault: Exception fault } when RecordFaults.IsUnknown(fault) && _faults + 1 < TriesOfAFault && !_leaves:
                Log.Fails(_parts.Logger, ended.Write.Record, fault);
                throw new RecordWriterException(ended.Write.Record, fault);
            case { Fault: Exception fault }:
                Log.Fails(_parts.Logger, ended.Write.Record, fault);
                Tell(new RecordFailed(ended.Write.Record, Owner, RecordFaults.Sentence(fault), _parts.Node.IsAlone || RecordFaults.IsFinal(fault)));
                break;
            default:
                Log.Dropped(_parts.Logger, ended.Write.Record);
                break;
        }

        Rest();
    }

    private void Drop()
    {
        _work?.Cancel();
        Rest();
    }

    private void Leave()
    {
        _leaves = true;
        if (_work is RecordInWork work)
        {
            if (!work.Writing.IsGathered)
            {
                work.Cancel();
            }

            Timers.StartSingleTimer(nameof(WaitedEnough), new WaitedEnough(), LeavingTakes);
        }
        else
        {
            Context.Stop(Self);
        }
    }

    /// <summary>Without work there is no need for a writer: the next message makes another.</summary>
    private void Rest()
    {
        if (_work is null && _leaves)
        {
            Context.Stop(Self);
        }
        else if (_work is null)
        {
            Context.Parent.Tell(new Passivate(StopWriting.Instance));
        }
    }

    private void Tell(IWireMessage message) => _parts.Coordinator.Tell(message, Self);
}
