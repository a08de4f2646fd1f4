using Akka.Actor;
using Akka.Event;
using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>
/// One leased slice: every link to its row, and then the commit. What touches the disk is <see cref="SliceWork"/>'s; here the rows come together.
/// </summary>
internal sealed class SliceActor : ReceiveActor
{
    private const int MaxCrashes = 3;

    // What a hand-back carries of a link has its bounds on the wire.
    private const int MaxDetail = 100;

    private readonly FetchProtocol.SliceLeased _lease;
    private readonly FetchParts _parts;
    private readonly SliceProgress _progress;
    private readonly SliceWork _work;
    private LinkRow?[] _rows = [];
    private int _left;

    public SliceActor(FetchProtocol.SliceLeased lease, FetchParts parts, SliceProgress progress)
    {
        _lease = lease;
        _parts = parts;
        _progress = progress;
        _work = new SliceWork(parts, lease, progress);
        Receive<Opened>(Begin);
        Receive<LinkEnded>(EndLink);
        Receive<Committed>(committed => End(new LinkProtocol.SliceDone(lease.Slice, committed.Summary)));
        Receive<Status.Failure>(failure => GiveUp(StoreFault.Sentence(failure.Cause)));
        Receive<LinkProtocol.GiveUpSlice>(_ => GiveUpUnlessDone());
    }

    protected override void PreStart()
    {
        if (_progress.Crashes < MaxCrashes)
        {
            _ = _work.OpenAsync().PipeTo(Self, success: open => new Opened(open.Links, open.Standing));
        }
        else
        {
            GiveUp(_progress.LastCrash);
        }
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _progress.Crashed(StoreFault.Sentence(reason));
        FetchLog.SliceCrashed(_parts.Logger, _lease.Slice, _progress.Crashes, reason);
        base.PreRestart(reason, message);
    }

    protected override void PostStop() => _ = _work.CloseAsync();

    private void Begin(Opened opened)
    {
        if (opened.Standing is { } standing)
        {
            End(new LinkProtocol.SliceDone(_lease.Slice, standing));
            return;
        }

        IActorRef self = Self;
        _rows = new LinkRow?[opened.Links];
        _left = opened.Links;
        _progress.Begun(opened.Links);
        _work.Begin(
            (place, link, row) => self.Tell(new LinkEnded(place, link, row), ActorRefs.NoSender),
            cause => self.Tell(new Status.Failure(cause), ActorRefs.NoSender));
    }

    private void EndLink(LinkEnded ended)
    {
        _rows[ended.Place] = ended.Row;
        _progress.Ended();
        _parts.Listener.LinkEnded(ended.Link, ended.Row);
        if (--_left == 0)
        {
            _ = _work.CommitAsync(_rows!).PipeTo(Self, success: summary => new Committed(summary));
        }
    }

    // What is being committed is as good as done.
    private void GiveUpUnlessDone()
    {
        if (_rows.Length == 0 || _left > 0)
        {
            GiveUp(fault: null);
        }
    }

    private void GiveUp(string? fault) => End(new LinkProtocol.SliceGivenUp(
        _lease.Slice,
        [.. _rows.Index().Where(row => row.Item is { IsKept: false }).Select(row => Ended(row.Index, row.Item!))],
        fault));

    private static FetchProtocol.EndedLink Ended(int place, LinkRow row) =>
        new(place, row.Outcome, row.Detail is { Length: > MaxDetail } detail ? detail[..MaxDetail] : row.Detail, row.Tries);

    private void End(object message)
    {
        Context.Parent.Tell(message);
        Context.Stop(Self);
    }

    private sealed record Opened(int Links, SliceSummary? Standing) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record LinkEnded(int Place, PlannedLink Link, LinkRow Row) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record Committed(SliceSummary Summary) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
