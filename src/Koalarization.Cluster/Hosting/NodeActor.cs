using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Hosting;

/// <summary>
/// <c>/user/node</c> of every node: introduces it to the coordinator, and makes it leave when it is asked to or cannot work any more.
/// </summary>
internal sealed partial class NodeActor : ReceiveActor, IWithTimers
{
    /// <summary>Its name.</summary>
    public const string ActorName = "node";

    /// <summary>How long an answer is waited for.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>How often it introduces itself in any case: a restarted coordinator knows no node.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>How long it stays where there is no control node, and asks those that refuse it.</summary>
    public static readonly TimeSpan WithoutControl = TimeSpan.FromMinutes(1);

    // A coordinator that moves to another node is away for a while.
    private const int UnansweredPerWarning = 60;

    private readonly IActorRef _coordinator;
    private readonly Akka.Cluster.Cluster? _cluster;
    private readonly Action<CoordinatedShutdown.Reason> _leave;
    private readonly ILogger _log;
    private readonly NodeActivity _activity;
    private readonly ActivityWindow _window;
    private readonly Func<bool> _isLeaving;
    private readonly HashSet<Address> _controlNodes = [];
    private readonly HashSet<Address> _refusedBy = [];
    private RegisterNode _registration;
    private bool _isMember;
    private bool _isKnown;
    private int _unanswered;

    /// <param name="registration">The node's first registration.</param>
    /// <param name="coordinator">The coordinator's proxy.</param>
    /// <param name="cluster">Whose events it follows; null: a test sends them.</param>
    /// <param name="leave">Begins to leave.</param>
    /// <param name="log">Its log.</param>
    /// <param name="activity">What its process does; null: nothing.</param>
    /// <param name="isLeaving">Whether the node has begun to leave; null: never.</param>
    public NodeActor(
        RegisterNode registration, IActorRef coordinator, Akka.Cluster.Cluster? cluster, Action<CoordinatedShutdown.Reason> leave, ILogger log,
        NodeActivity? activity = null, Func<bool>? isLeaving = null)
    {
        (_activity, _window, _isLeaving) = (activity ?? new NodeActivity(), new ActivityWindow(registration.Roles), isLeaving ?? (() => false));
        (_registration, _coordinator, _cluster, _leave, _log) = (registration, coordinator, cluster, leave, log);
        Receive<Introduce>(_ => OnIntroduce());
        Receive<NodeRegistered>(welcome => OnWelcomed(welcome));
        Receive<NetworksReady>(ready => OnNetworks(ready.Networks));
        Receive<ClusterEvent.IMemberEvent>(OnMember);
        Receive<ClusterEvent.UnreachableMember>(OnUnreachable);
        Receive<ClusterEvent.ReachableMember>(OnReachable);
        Receive<Alone>(_ => OnAlone());
        Receive<Leave>(_ => OnLeave());
        Receive<WatchStage>(watch => Context.WatchWith(watch.Stage, new StageStopped(watch.Stage.Path.Name)));
        Receive<StageStopped>(OnStageStopped);
        Receive<DeviceLost>(lost => OnDeviceLost(lost.Reason));
        Receive<ThisActorSystemQuarantinedEvent>(OnQuarantined);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsControl => _registration.Roles.Contains(NodeRoles.Control);

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe<NetworksReady>(Self);
        Context.System.EventStream.Subscribe<DeviceLost>(Self);
        Context.System.EventStream.Subscribe<ThisActorSystemQuarantinedEvent>(Self);
        _cluster?.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        OnIntroduce();
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _cluster?.Unsubscribe(Self);
    }

    private void OnIntroduce()
    {
        _coordinator.Tell(_registration with
        {
            Rates = _window.With(_activity.Totals, Context.System.Scheduler.MonotonicClock, _activity.Busy),
            Outage = _activity.NetworkFault,
        });
        if (!_isKnown && ++_unanswered % UnansweredPerWarning == 0)
        {
            Log.NoCoordinator(_log);
        }

        Timers.StartSingleTimer(Introduce.Instance, Introduce.Instance, _isKnown ? Every : AskAgainAfter);
    }

    private void IntroduceAgain()
    {
        _isKnown = false;
        OnIntroduce();
    }

    private void OnWelcomed(NodeRegistered welcome)
    {
        if (!_isKnown && welcome.Owner == _registration.Owner)
        {
            _isKnown = true;
            _unanswered = 0;
            Timers.StartSingleTimer(Introduce.Instance, Introduce.Instance, Every);
        }
    }

    private void OnNetworks(IReadOnlyList<EmbedKey> networks)
    {
        if (!networks.SequenceEqual(_registration.Networks))
        {
            Log.NetworksChanged(_log, networks);
            _registration = _registration with { Networks = networks };
            IntroduceAgain();
        }
    }

    private void OnMember(ClusterEvent.IMemberEvent change)
    {
        string address = HostAndPort(change.Member.Address);
        switch (change)
        {
            case var _ when _cluster is { IsTerminated: true }:
                // This node has left: to itself all others are gone.
                return;
            case ClusterEvent.MemberUp up:
                _isMember = true;
                IEnumerable<string> roles = up.Member.Roles.Where(NodeRoles.All.Contains);
                Log.MemberUp(_log, address, roles);
                break;
            case ClusterEvent.MemberRemoved removed:
                Log.MemberRemoved(_log, address, removed.PreviousStatus == MemberStatus.Down ? "it did not answer, or was refused" : "it left");
                break;
        }

        if (change.Member.HasRole(NodeRoles.Control))
        {
            OnControlMember(change.Member);
        }

        if (!IsControl)
        {
            ExpectControl();
        }
    }

    // No other node removes it: the control nodes have left in order, or were removed when they were started again and have not come back to this cluster.
    private void ExpectControl()
    {
        if (_controlNodes.Count > 0)
        {
            Timers.Cancel(Alone.Instance);
        }
        else if (!Timers.IsTimerActive(Alone.Instance))
        {
            Timers.StartSingleTimer(Alone.Instance, Alone.Instance, WithoutControl);
        }
    }

    private void OnAlone()
    {
        if (_controlNodes.Count == 0 && !(IsControl && _isMember))
        {
            Log.Alone(_log);
            _leave(CoordinatedShutdown.ClusterDowningReason.Instance);
        }
    }

    private void OnControlMember(Member member)
    {
        if (member.Status == MemberStatus.Removed)
        {
            _controlNodes.Remove(member.Address);
            _refusedBy.Remove(member.Address);
        }
        else if (member.UniqueAddress != _cluster?.SelfUniqueAddress)
        {
            _controlNodes.Add(member.Address);
        }

        // Where control nodes come and go, the coordinator may be another one.
        IntroduceAgain();
    }

    private void OnUnreachable(ClusterEvent.UnreachableMember lost)
    {
        string address = HostAndPort(lost.Member.Address);
        Log.MemberUnreachable(_log, address);
    }

    private void OnReachable(ClusterEvent.ReachableMember back)
    {
        string address = HostAndPort(back.Member.Address);
        Log.MemberReachable(_log, address);
    }

    private void OnLeave()
    {
        Log.LeaveRequested(_log);
        _leave(NodeExit.LeaveReason.Instance);
    }

    private void OnDeviceLost(string reason)
    {
        Log.DeviceLost(_log, reason);
        _leave(NodeExit.DeviceFailedReason.Instance);
    }

    // Nothing starts it again, and the node would seem well and do nothing. While the system ends, its actors stop by themselves.
    private void OnStageStopped(StageStopped stopped)
    {
        if (!_isLeaving())
        {
            Log.StageStopped(_log, stopped.Name);
            _leave(NodeExit.StageStoppedReason.Instance);
        }
    }

    // A node alone may take this one for another that was at its address before. When all control nodes refuse it, the cluster has removed this process, which
    // was stopped for too long to notice.
    private void OnQuarantined(ThisActorSystemQuarantinedEvent refused)
    {
        string address = HostAndPort(refused.RemoteAddress);
        Log.Quarantined(_log, address);
        _refusedBy.Add(refused.RemoteAddress);
        if (_controlNodes.Count > 0 && _controlNodes.All(_refusedBy.Contains))
        {
            Log.Removed(_log);
            _leave(CoordinatedShutdown.ClusterDowningReason.Instance);
        }
        else if (!_isMember)
        {
            // It may have been let in and removed while it was stopped, and never learn of either: as this process it is refused for ever.
            ExpectControl();
        }
    }

    private static string HostAndPort(Address address) => $"{address.Host}:{address.Port}";

    /// <summary>A stage of the node, which ends the node when it stops.</summary>
    /// <param name="Stage">Its actor.</param>
    internal sealed record WatchStage(IActorRef Stage) : INoSerializationVerificationNeeded;

    private sealed record StageStopped(string Name) : INoSerializationVerificationNeeded;

    private sealed record Alone : INoSerializationVerificationNeeded
    {
        public static readonly Alone Instance = new();
    }

    private sealed record Introduce : INoSerializationVerificationNeeded
    {
        public static readonly Introduce Instance = new();
    }
}
