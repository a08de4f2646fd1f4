using System.Collections.Immutable;

namespace Koalarization.Harvest;

/// <summary>
/// Tells dead links from a dead network. Suspicious outcomes (<see cref="NetworkSign"/>) stay open until any server answers; when most outcomes are
/// suspicious, nothing is judged until hosts that ought to answer were probed. Immutable, without a clock and without threads.
/// </summary>
/// <remarks>
/// Signs that say nothing of the network are not counted. In the end, when nothing is on the way but open outcomes, no answer can settle them any more:
/// then they are judged by what there is (<see cref="Quiet"/>).
/// </remarks>
public sealed record AlarmState
{
    /// <summary>Outcomes for which the alarm rests after a whole window turned out to be dead links.</summary>
    public const int Rest = 10_000;

    /// <summary>Outcomes for which it rests when that was found out in a quiet moment, of perhaps a single link.</summary>
    public const int QuietRest = 200;

    /// <summary>Hosts that answered and are remembered.</summary>
    public const int MaxAnswered = 8;

    /// <summary>With fewer outcomes, and nobody to probe, nothing can be said of the network.</summary>
    public const int LeastToWait = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly LinkHost? _probe;

    private AlarmState(LinkHost? probe) => _probe = probe;

    /// <summary>Where it is.</summary>
    public AlarmPhase Phase { get; private init; }

    /// <summary>Outcomes that are not judged.</summary>
    public int Open { get; private init; }

    /// <summary>What looks broken, by what the open outcomes mostly are.</summary>
    public NetworkFault Fault => OpenNames * 2 >= Open ? NetworkFault.Names : NetworkFault.Connections;

    /// <summary>
    /// Hosts that ought to answer: the one that the user named, and those that answered last. Of addresses nothing is learned while it is names that
    /// cannot be looked up.
    /// </summary>
    public IReadOnlyList<LinkHost> Targets =>
        [.. (_probe is { } probe ? Answered.Insert(0, probe) : Answered).Distinct().Where(host => Fault != NetworkFault.Names || !host.IsAddress)];

    /// <summary>How long to wait before the next probe.</summary>
    public TimeSpan Pause => Min(FirstPause * Math.Pow(2, Math.Max(0, FailedProbes - 1)), LongestPause);

    internal int RestLeft { get; private init; }

    internal SignWindow Window { get; private init; } = SignWindow.Empty;

    /// <summary>The first probe that failed is the one that said so: news for the user.</summary>
    internal int FailedProbes { get; private init; }

    private int OpenNames { get; init; }

    private int OpenDenials { get; init; }

    private int RestWhenAlive { get; init; }

    private ImmutableList<LinkHost> Answered { get; init; } = [];

    /// <summary>The alarm of a job that begins.</summary>
    /// <param name="probe">A host of which the user says that it answers.</param>
    public static AlarmState New(LinkHost? probe = null) => new(probe);

    /// <summary>An outcome came. A suspicious one is open until an action settles it, perhaps the one that is returned.</summary>
    /// <param name="sign">What it tells.</param>
    /// <param name="host">The host of its link.</param>
    public AlarmStep Saw(NetworkSign sign, LinkHost host)
    {
        if (sign == NetworkSign.Nothing)
        {
            return new AlarmStep(this, AlarmAction.None);
        }

        bool suspicious = sign.IsSuspicious();
        AlarmState seen = suspicious ? Opened(sign) : Remembering(host);
        if (Phase != AlarmPhase.Watching)
        {
            return new AlarmStep(seen, AlarmAction.None);
        }

        if (RestLeft > 0)
        {
            return new AlarmStep(seen.Settled() with { RestLeft = RestLeft - 1 }, AlarmAction.Confirm);
        }

        seen = seen with { Window = Window.With(suspicious) };
        return (suspicious, seen.Window.IsAlarming) switch
        {
            (false, _) => new AlarmStep(seen.Settled(), AlarmAction.Confirm),
            (true, false) => new AlarmStep(seen, AlarmAction.None),
            (true, true) => seen.Tripped(Rest),
        };
    }

    /// <summary>Nothing is on the way: no answer will come that could settle the open outcomes.</summary>
    public AlarmStep Quiet() => (Phase, Open) switch
    {
        (AlarmPhase.Watching, > 0) => Window.IsMostlySuspicious ? Tripped(QuietRest) : new AlarmStep(Settled(), AlarmAction.Confirm),
        _ => new AlarmStep(this, AlarmAction.None),
    };

    /// <summary>The probes that an action asked for are done.</summary>
    /// <param name="best">The best answer of all.</param>
    /// <param name="connected">The host that it came from, when a connection stood.</param>
    public AlarmStep Probed(ProbeAnswer best, LinkHost? connected = null)
    {
        AlarmState probed = connected is { } host ? Remembering(host) : this;
        bool isAlive = best == ProbeAnswer.Connected || (best == ProbeAnswer.Denied && Targets.Count == 0);
        return (Phase, isAlive) switch
        {
            (AlarmPhase.Watching, _) => new AlarmStep(this, AlarmAction.None),
            (AlarmPhase.Judging, true) => new AlarmStep(probed.Anew() with { RestLeft = RestWhenAlive }, AlarmAction.Confirm),
            (AlarmPhase.Waiting, true) => new AlarmStep(probed.Anew(), AlarmAction.TryAgain),
            _ => new AlarmStep(Waits(), AlarmAction.Wait),
        };
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private AlarmStep Tripped(int rest)
    {
        if (Targets.Count > 0)
        {
            return new AlarmStep(this with { Phase = AlarmPhase.Judging, RestWhenAlive = rest }, AlarmAction.Probe);
        }

        // Somebody said no, so somebody is there. That is weaker than a host that answers, so it earns no rest.
        if (OpenDenials > 0)
        {
            return new AlarmStep(Anew(), AlarmAction.Confirm);
        }

        return Window.Count < LeastToWait
            ? new AlarmStep(Settled(), AlarmAction.Confirm)
            : new AlarmStep(Waits(), AlarmAction.Wait);
    }

    private AlarmState Opened(NetworkSign sign) => this with
    {
        Open = Open + 1,
        OpenNames = OpenNames + (sign is NetworkSign.NameDenied or NetworkSign.NameSilent ? 1 : 0),
        OpenDenials = OpenDenials + (sign.IsDenial() ? 1 : 0),
    };

    private AlarmState Settled() => Open == 0 ? this : this with { Open = 0, OpenNames = 0, OpenDenials = 0 };

    private AlarmState Anew() => Settled() with { Phase = AlarmPhase.Watching, Window = SignWindow.Empty, FailedProbes = 0 };

    private AlarmState Waits() => this with { Phase = AlarmPhase.Waiting, FailedProbes = FailedProbes + 1 };

    private AlarmState Remembering(LinkHost host) => Answered.Contains(host)
        ? this
        : this with { Answered = (Answered.Count < MaxAnswered ? Answered : Answered.RemoveAt(0)).Add(host) };
}
