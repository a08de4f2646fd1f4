using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.HostLimits;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Slices;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Fetching;

/// <summary>
/// <c>/user/fetch</c>: pulls slices from the coordinator, each under a lease, has a <see cref="SliceProcessor"/> work on each, and reports how each
/// ended until that is acknowledged. Children: <c>downloader</c>, <c>resizer-N</c> for each core, and <c>permits</c> unless the node
/// is alone.
/// </summary>
#pragma warning disable CA1001 // PostStop disposes of the throttle.
internal sealed class FetchNodeActor : ReceiveActor, IWithTimers
#pragma warning restore CA1001
{
    // What it reports is what its user watches.
    private static readonly TimeSpan EveryWhenAlone = TimeSpan.FromMilliseconds(200);

    // After a fault the store is not asked for more at once: it may be full.
    private static readonly TimeSpan CooldownAfterFault = TimeSpan.FromSeconds(10);

    private readonly NodeServices _node;
    private readonly IActorRef _coordinator;
    private readonly ILogger _logger;
    private readonly FetchThrottle _throttle;
    private readonly RoundDrivers _drivers;
    private readonly ResizerPool _resizers = new();
    private readonly RoundContexts _rounds;
    private readonly ActiveSlices _slices;
    private readonly DrainState _drain;
    private Func<JobId, TimeSpan?, IHostLimitSource> _hostsOf = null!;
    private IActorRef _downloader = null!;
    private bool _isCoolingDown;

    /// <param name="node">What it is made of; it has a fetcher.</param>
    /// <param name="coordinator">The way to the coordinator, which answers the sender.</param>
    /// <param name="drainTimeout">How long slices have to end when the node drains.</param>
    public FetchNodeActor(NodeServices node, IActorRef coordinator, TimeSpan drainTimeout)
    {
        _node = node;
        _coordinator = coordinator;
        _drain = new DrainState(drainTimeout);
        _logger = node.Loggers.CreateLogger<FetchNodeActor>();
        _throttle = new FetchThrottle(
            node.FetcherInUse!,
            node.DownloadOptions,
            notice =>
            {
                FetchInstruments.OutageNoticed(notice);
                node.Listener.OutageNoticed(notice);
            });
        _drivers = new RoundDrivers(node.FetcherInUse!, _throttle, node.DownloadOptions.Retry);
        _rounds = new RoundContexts(node, _resizers);
        _slices = new ActiveSlices(_throttle, node.DownloadOptions.Parallel);
        Receive<FetchProtocol.SliceLeased>(Lease);
        Receive<EpochLookedUp>(OnEpochLookedUp);
        Receive<FetchProtocol.SliceRecalled>(recalled => Recall(recalled.Slice));
        Receive<FetchProtocol.SliceAcknowledged>(noted => Acknowledge(noted.Slice));
        Receive<SliceEnded>(ended => Resolve(ended.Processor, ended.Summary));
        Receive<SliceFailed>(failed => Fail(failed.Processor, StoreFault.Sentence(failed.Cause, continues: !_node.IsAlone)));
        Receive<LinkProtocol.EmptyNode>(_ => Drain());
        Receive<ReportDue>(_ => Report());
        Receive<CooldownOver>(_ => _isCoolingDown = false);
        Receive<DrainTimedOut>(_ => EndDrain());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _hostsOf = HostLimitSources();
        FetchDriver own = _drivers.Own;
        _downloader = Context.ActorOf(Props.Create(() => new DownloaderActor(own, _logger)), "downloader");
        for (int i = 1; i <= _node.Cores; i++)
        {
            Context.ActorOf(
                Props.Create(() => new ResizerActor(_resizers, _logger)).WithDispatcher("koala.resize-dispatcher"),
                string.Create(CultureInfo.InvariantCulture, $"resizer-{i}"));
        }

        Timers.StartPeriodicTimer(nameof(ReportDue), new ReportDue(), _node.IsAlone ? EveryWhenAlone : FetchProtocol.RequestSlices.Every);
        Ask();
    }

    // The next instance continues draining, and answers who waits. The slices are begun again by the node that gets them.
    protected override void PreRestart(Exception reason, object message)
    {
        if (_drain.HasBegun)
        {
            foreach (IActorRef requester in _drain.TakeWaiting().DefaultIfEmpty(ActorRefs.Nobody))
            {
                Self.Tell(LinkProtocol.EmptyNode.Instance, requester);
            }
        }

        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        foreach (SliceProcessor processor in _slices.Processors)
        {
            processor.Stop();
        }

        _drain.AnswerAll();
        _resizers.Close();
        _throttle.Dispose();
        _drivers.Dispose();
    }

    // With other nodes the coordinator divides what a host allows; a node that is alone has all of it.
    private Func<JobId, TimeSpan?, IHostLimitSource> HostLimitSources()
    {
        if (_node.IsAlone)
        {
            var limits = new LocalHostLimitSource(_node.DownloadOptions);
            return (_, _) => limits;
        }

        var permits = new NodePermits(_node.Stores.Owner, _node.DownloadOptions);
        NodePermitsActor.Start(Context, NodePermitsActor.Name, permits, _throttle, _coordinator);
        return permits.Of;
    }

    private void OnEpochLookedUp(EpochLookedUp looked)
    {
        if (looked.IsPublished)
        {
            Lease(looked.Lease);
        }
        else
        {
            FetchLog.UnknownEpoch(_logger, looked.Lease.Slice, looked.Lease.Epoch, looked.Lease.Data);
        }
    }

    private void Lease(FetchProtocol.SliceLeased lease)
    {
        if (_node.Epochs.IsNew(lease.Data, lease.Epoch))
        {
            _ = Task.Run(() => _node.Epochs.LookUp(lease.Data, lease.Epoch))
                .PipeTo(Self, success: isPublished => new EpochLookedUp(lease, isPublished), failure: _ => new EpochLookedUp(lease, IsPublished: false));
        }
        else if (!_node.Epochs.Accepts(lease.Data, lease.Epoch))
        {
            FetchLog.OldEpoch(_logger, lease.Slice, lease.Epoch, lease.Data);
        }
        else if (_slices.FindResolved(lease.Slice) is { } resolved)
        {
            _coordinator.Tell(resolved);
        }
        else if (_drain.HasBegun)
        {
            _coordinator.Tell(new FetchProtocol.SliceHandedBack(lease.Slice, _node.Stores.Owner, lease.Ended, Fault: null));
        }
        else if (!_slices.Renew(lease))
        {
            if (_node.ForbidsPrivate && lease.Fetch?.AllowPrivate == true)
            {
                _coordinator.Tell(new FetchProtocol.SliceHandedBack(lease.Slice, _node.Stores.Owner, lease.Ended, "the node was started with --forbid-private"));
            }
            else
            {
                Start(lease);
            }
        }
    }

    private void Start(FetchProtocol.SliceLeased lease)
    {
        var progress = new SliceProgress();
        var downloads = new LinkFetchClient(_downloader, _hostsOf(lease.Slice.Job, lease.Fetch?.TryTimeout()), progress, _drivers.Of(lease.Fetch));
        var processor = new SliceProcessor(lease, _rounds, downloads.FetchAsync, progress, _node.Listener, _logger);
        _slices.Add(lease, processor, progress);
        _ = processor.RunAsync().PipeTo(
            Self, success: summary => new SliceEnded(processor, summary), failure: cause => new SliceFailed(processor, cause));
    }

    private void Recall(SliceId slice)
    {
        if (_slices.Remove(slice) is { } processor)
        {
            processor.Stop();
            AnswerWhenEmpty();
        }
    }

    private void Acknowledge(SliceId slice)
    {
        _slices.Acknowledge(slice);
        AnswerWhenEmpty();
    }

    private void Resolve(SliceProcessor processor, SliceSummary summary)
    {
        if (_slices.Remove(processor))
        {
            var resolved = new FetchProtocol.SliceResolved(processor.Slice, _node.Stores.Owner, summary.Survivors, summary.Outcomes);
            FetchLog.SliceResolved(_logger, processor.Slice, summary.Survivors, summary.Links);
            _slices.AddResolved(resolved);
            _coordinator.Tell(resolved);
            AnswerWhenEmpty();
            Ask();
        }
    }

    private void Fail(SliceProcessor processor, string fault)
    {
        if (_slices.Remove(processor))
        {
            _isCoolingDown = true;
            Timers.StartSingleTimer(nameof(CooldownOver), new CooldownOver(), CooldownAfterFault);
            HandBack(processor, fault);
        }
    }

    private void HandBack(SliceProcessor processor, string? fault)
    {
        IReadOnlyList<FetchProtocol.EndedLink> ended = processor.EndedLinks();
        if (fault is null)
        {
            FetchLog.SliceHandedBack(_logger, processor.Slice, ended.Count);
        }
        else
        {
            FetchLog.SliceFailed(_logger, processor.Slice, fault);
        }

        _coordinator.Tell(new FetchProtocol.SliceHandedBack(processor.Slice, _node.Stores.Owner, ended, fault));
        AnswerWhenEmpty();
    }

    private void Report()
    {
        foreach (FetchProtocol.SliceResolved resolved in _slices.Unacknowledged)
        {
            _coordinator.Tell(resolved);
        }

        Ask();
    }

    private void Ask() => _coordinator.Tell(
        new FetchProtocol.RequestSlices(_node.Stores.Owner, _isCoolingDown || _drain.HasBegun ? 0 : _slices.Room(), _slices.Report()));

    private void Drain()
    {
        if (_drain.Begin(Sender))
        {
            Timers.StartSingleTimer(nameof(DrainTimedOut), new DrainTimedOut(), _drain.Timeout);
            Ask();
        }

        AnswerWhenEmpty();
    }

    // A slice that is being committed is as good as done: it ends by itself.
    private void EndDrain()
    {
        _drain.IsOver = true;
        foreach (SliceProcessor processor in _slices.Processors.Where(processor => !processor.IsCommitting))
        {
            _slices.Remove(processor);
            processor.Stop();
            HandBack(processor, fault: null);
        }

        AnswerWhenEmpty();
    }

    // Resolved slices need no acknowledgement then: their manifests are found by the node that gets them next.
    private void AnswerWhenEmpty()
    {
        if (_drain.HasBegun && _slices.IsEmpty && (_drain.IsOver || _slices.Unacknowledged.Count == 0))
        {
            _drain.AnswerAll();
        }
    }

    private sealed record SliceEnded(SliceProcessor Processor, SliceSummary Summary) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record SliceFailed(SliceProcessor Processor, Exception Cause) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record ReportDue : INoSerializationVerificationNeeded;

    private sealed record EpochLookedUp(FetchProtocol.SliceLeased Lease, bool IsPublished) : INoSerializationVerificationNeeded;

    private sealed record CooldownOver : INoSerializationVerificationNeeded;

    private sealed record DrainTimedOut : INoSerializationVerificationNeeded;
}
