using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Membership;

/// <summary>
/// <c>/user/founding</c> of a node that may found a cluster, until it is a member of one: while a control node lives on the store it founds none, and asks to be
/// let in. Only the nodes that answer know whether there is a cluster, and a network may be cut where the store is not.
/// </summary>
internal sealed partial class FoundingActor : ReceiveActor, IWithTimers
{
    /// <summary>Its name.</summary>
    public const string ActorName = "founding";

    private readonly LivingControls _living = new();
    private readonly Func<IReadOnlyList<ControlBeat>> _read;
    private readonly Func<bool> _isMember;
    private readonly Action<IReadOnlyList<ControlBeat>> _ask;
    private readonly Action _found;
    private readonly ILogger _log;
    private string _asked = "";
    private bool _isSaid;

    /// <param name="read">Reads the beats of other control nodes; it blocks.</param>
    /// <param name="isMember">Whether this node has become a member.</param>
    /// <param name="ask">Asks the clusters of these to be let in, and founds none.</param>
    /// <param name="found">Asks those that were members, and founds a cluster when none answers.</param>
    /// <param name="log">Its log.</param>
    public FoundingActor(Func<IReadOnlyList<ControlBeat>> read, Func<bool> isMember, Action<IReadOnlyList<ControlBeat>> ask, Action found, ILogger log)
    {
        (_read, _isMember, _ask, _found, _log) = (read, isMember, ask, found, log);
        Receive<Look>(_ => OnLook());
        Receive<IReadOnlyList<ControlBeat>>(OnRead);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => OnLook();

    private void OnLook()
    {
        if (_isMember())
        {
            Context.Stop(Self);
            return;
        }

        _ = Task.Run(_read).PipeTo(Self);
    }

    private void OnRead(IReadOnlyList<ControlBeat> beats)
    {
        _living.Add(beats, Context.System.Scheduler.MonotonicClock);
        if (_living.Possible.Count == 0)
        {
            _found();
            Context.Stop(Self);
            return;
        }

        string names = string.Join(", ", _living.Possible.Select(beat => beat.Node).Order(StringComparer.Ordinal));
        if (names != _asked)
        {
            _asked = names;
            _ask(_living.Possible);
        }

        if (!_isSaid && _living.Certain.Count > 0)
        {
            _isSaid = true;
            Log.AnotherLives(_log, names);
        }

        Timers.StartSingleTimer(Look.Instance, Look.Instance, LivingControls.Every);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Another cluster works on this store, and has not let this node in yet; it founds no second one: can {Nodes} be reached from here, by that name?")]
        public static partial void AnotherLives(ILogger log, string nodes);
    }

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }
}
