using System.Globalization;
using Akka.Actor;
using Koalarization.Dataset;
using Koalarization.Harvest;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

/// <summary>
/// <c>/user/fetch</c>: pulls slices from the coordinator, each under a lease, has them worked on, and says what became of them until it is heard.
/// Children: <c>downloader</c>, <c>resizer-N</c>, and one <see cref="SliceActor"/> for each slice that is held.
/// </summary>
#pragma warning disable CA1001 // PostStop disposes of the gate.
internal sealed class FetchNode : ReceiveActor, IWithTimers
#pragma warning restore CA1001
{
    // After a fault the store is not asked for more at once: it may be full.
    private static readonly TimeSpan RestAfterFault = TimeSpan.FromSeconds(10);

    private readonly NodeParts _node;
    private readonly IActorRef _coordinator;
    private readonly ILogger _logger;
    private readonly HarvestGate _gate;
    private readonly ResizeQueue _resizers = new();
    private readonly HeldSlices _held;
    private readonly LeavingNode _leaving;
    private readonly HostPermitSourceFactory? _newPermits;
    private FetchParts _parts = null!;
    private long _slices;
    private bool _rests;

    /// <param name="node">What it is made of; it has a fetcher.</param>
    /// <param name="coordinator">The way to the coordinator, which answers the sender.</param>
    /// <param name="permits">Makes the source of the hosts' permits; null: the node asks hosts as if it were alone.</param>
    /// <param name="patience">How long slices have to end when the node leaves.</param>
    public FetchNode(NodeParts node, IActorRef coordinator, HostPermitSourceFactory? permits, TimeSpan patience)
    {
        _node = node;
        _coordinator = coordinator;
        _newPermits = permits;
        _leaving = new LeavingNode(patience);
        _logger = node.Loggers.CreateLogger<FetchNode>();
        _gate = new HarvestGate(node.Web!, node.Harvest, node.Listener.Noticed, work => _ = Task.Run(work));
        _held = new HeldSlices(_gate, node.Harvest.Parallel);
        Receive<FetchProtocol.SliceLeased>(Lease);
        Receive<FetchProtocol.SliceRecalled>(recalled => Recall(recalled.Slice));
        Receive<FetchProtocol.SliceNoted>(noted => Note(noted.Slice));
        Receive<LinkProtocol.SliceDone>(Resolve);
        Receive<LinkProtocol.SliceGivenUp>(HandBack);
        Receive<LinkProtocol.EmptyNode>(_ => Leave());
        Receive<Speak>(_ => SayAll());
        Receive<Rested>(_ => _rests = false);
        Receive<EndOfPatience>(_ => GiveUpAll());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        IHostPermitSource permits = _newPermits?.Invoke(Context, _gate, _coordinator) ?? new LocalHostPermits(_node.Harvest);
        _parts = FetchParts.Start(Context, _node, _gate, _resizers, permits, _logger);
        Timers.StartPeriodicTimer(nameof(Speak), new Speak(), FetchProtocol.RequestSlices.Every);
        Ask();
    }

    // What is held is begun again by whoever gets it: this actor crashes only by a fault of its own.
    protected override void PostStop()
    {
        _resizers.Close();
        _gate.Dispose();
    }

    private void Lease(FetchProtocol.SliceLeased lease)
    {
        if (!_node.Epochs.Accepts(lease.Data, lease.Epoch))
        {
            FetchLog.OldEpoch(_logger, lease.Slice, lease.Epoch, lease.Data);
        }
        else if (_held.Unnoted(lease.Slice) is { } resolved)
        {
            _coordinator.Tell(resolved);
        }
        else if (_leaving.Begun)
        {
            _coordinator.Tell(new FetchProtocol.SliceHandedBack(lease.Slice, _node.Stores.Owner, lease.Ended, Fault: null));
        }
        else if (!_held.Renews(lease))
        {
            var progress = new SliceProgress();
            string name = string.Create(CultureInfo.InvariantCulture, $"slice-{++_slices}-{lease.Slice.Round}-{lease.Slice.Slice}");
            _held.Add(lease, Context.ActorOf(Props.Create(() => new SliceActor(lease, _parts, progress)), name), progress);
        }
    }

    private void Recall(SliceId slice)
    {
        if (_held.Remove(slice) is { } actor)
        {
            Context.Stop(actor);
            Ended(slice.Job);
        }
    }

    private void Note(SliceId slice)
    {
        _held.Noted(slice);
        SayWhenEmpty();
    }

    private void Resolve(LinkProtocol.SliceDone done)
    {
        if (_held.Remove(done.Slice, Sender))
        {
            SliceSummary summary = done.Summary;
            FetchLog.SliceResolved(_logger, done.Slice, summary.Survivors, summary.Links);
            _coordinator.Tell(_held.Resolved(new FetchProtocol.SliceResolved(done.Slice, _node.Stores.Owner, summary.Survivors, summary.Outcomes)));
            Ended(done.Slice.Job);
            Ask();
        }
    }

    private void HandBack(LinkProtocol.SliceGivenUp given)
    {
        if (!_held.Remove(given.Slice, Sender))
        {
            return;
        }

        if (given.Fault is null)
        {
            FetchLog.SliceHandedBack(_logger, given.Slice, given.Ended.Count);
        }
        else
        {
            FetchLog.SliceFailed(_logger, given.Slice, given.Fault);
            _rests = true;
            Timers.StartSingleTimer(nameof(Rested), new Rested(), RestAfterFault);
        }

        _coordinator.Tell(new FetchProtocol.SliceHandedBack(given.Slice, _node.Stores.Owner, given.Ended, given.Fault));
        Ended(given.Slice.Job);
        SayWhenEmpty();
    }

    private void Ended(JobId job)
    {
        if (!_held.HasAnyOf(job))
        {
            _parts.Permits.End(job);
        }
    }

    private void SayAll()
    {
        _held.UnnotedOnes.ForEach(resolved => _coordinator.Tell(resolved));
        Ask();
    }

    private void Ask() => _coordinator.Tell(
        new FetchProtocol.RequestSlices(_node.Stores.Owner, _rests || _leaving.Begun ? 0 : _held.Room(), _held.Tell()));

    private void Leave()
    {
        if (_leaving.Begin(Sender))
        {
            Timers.StartSingleTimer(nameof(EndOfPatience), new EndOfPatience(), _leaving.Patience);
            Ask();
        }

        SayWhenEmpty();
    }

    private void GiveUpAll()
    {
        _leaving.IsOver = true;
        _held.Actors.ForEach(slice => slice.Tell(LinkProtocol.GiveUpSlice.Instance));
        SayWhenEmpty();
    }

    // What is resolved stands on disk: when nobody hears of it, whoever comes next finds it there.
    private void SayWhenEmpty()
    {
        if (_leaving.Begun && _held.Actors.Count == 0 && (_leaving.IsOver || _held.UnnotedOnes.Count == 0))
        {
            _leaving.SayEmpty();
        }
    }

    private sealed record Speak : INoSerializationVerificationNeeded;

    private sealed record Rested : INoSerializationVerificationNeeded;

    private sealed record EndOfPatience : INoSerializationVerificationNeeded;
}
