using Akka.Actor;
using Akka.Cluster;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Membership;

/// <summary>
/// <c>/user/beats</c> of a control node: writes its beat, and ends its cluster when another one on the store outranks it. Two clusters come to be when a cluster's
/// control nodes are stopped or cut off for so long that another one is founded, and then go on; nothing else makes them one again, and their coordinators would
/// take the jobs from each other for ever. The nodes that end are started again, and join the one that stays.
/// </summary>
internal sealed partial class ControlBeatActor : ReceiveActor, IWithTimers
{
    /// <summary>Its name.</summary>
    public const string ActorName = "beats";

    private readonly LivingControls _living = new();
    private readonly ControlBeatFiles _files;
    private readonly Akka.Cluster.Cluster _cluster;
    private readonly ILogger _log;
    private long _number;
    private bool _isWriting;
    private bool _isFailing;

    /// <param name="files">Where beats are.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="log">Its log.</param>
    public ControlBeatActor(ControlBeatFiles files, Akka.Cluster.Cluster cluster, ILogger log)
    {
        (_files, _cluster, _log) = (files, cluster, log);
        Receive<Tick>(_ => OnTick());
        Receive<Exchanged>(OnExchanged);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, LivingControls.Every);

    private void OnTick()
    {
        if (_isWriting || _cluster.IsTerminated || _cluster.SelfMember.Status != MemberStatus.Up)
        {
            return;
        }

        _isWriting = true;
        _number++;
        ControlBeat own = Own();
        _ = Task.Run(() => Exchange(own)).PipeTo(Self);
    }

    // A store that cannot be written may still be read.
    private Exchanged Exchange(ControlBeat own)
    {
        Exception? failure = null;
        try
        {
            _files.Write(own);
        }
        catch (Exception exception) when (StoreFault.Is(exception))
        {
            failure = exception;
        }

        return new Exchanged(_files.ReadOthers(), failure);
    }

    private void OnExchanged(Exchanged exchanged)
    {
        _isWriting = false;
        if (exchanged.Failure is Exception failure && !_isFailing)
        {
            Log.NotWritten(_log, StoreFault.Sentence(failure, continues: true));
        }

        _isFailing = exchanged.Failure is not null;
        _living.Add(exchanged.Others, Context.System.Scheduler.MonotonicClock);
        ControlBeat own = Own();
        if (_cluster.SelfMember.Status == MemberStatus.Up && _living.Certain.FirstOrDefault(other => own.IsOfAnotherClusterThan(other) && other.Outranks(own)) is ControlBeat stays)
        {
            Log.Ends(_log, stays.Node);
            EndCluster();
        }
    }

    // Itself last: who is down does nothing more.
    private void EndCluster()
    {
        foreach (Member member in _cluster.State.Members.OrderBy(member => member.UniqueAddress.Equals(_cluster.SelfUniqueAddress)))
        {
            _cluster.Down(member.Address);
        }
    }

    private ControlBeat Own()
    {
        ClusterEvent.CurrentClusterState state = _cluster.State;
        Member[] up = [.. state.Members.Where(member => member.Status == MemberStatus.Up && !state.Unreachable.Contains(member))];
        return new ControlBeat(
            NameOf(_cluster.SelfAddress),
            _cluster.SelfUniqueAddress.Uid,
            _number,
            [.. state.Members.Select(ProcessOf)],
            [.. up.Where(member => member.HasRole(NodeRoles.Control)).Select(ProcessOf)],
            up.Length);
    }

    private static string ProcessOf(Member member) => ControlBeat.ProcessOf(NameOf(member.Address), member.UniqueAddress.Uid);

    private static string NameOf(Address address) => $"{address.Host}:{address.Port}";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "This control node cannot write to the store that it lives: {Why}")]
        public static partial void NotWritten(ILogger log, string why);

        [LoggerMessage(Level = LogLevel.Error, Message = "Another cluster works on this store, that of {Node}, and has more nodes: this one ends, and its nodes join that one when they are started again")]
        public static partial void Ends(ILogger log, string node);
    }

    private sealed record Exchanged(IReadOnlyList<ControlBeat> Others, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
