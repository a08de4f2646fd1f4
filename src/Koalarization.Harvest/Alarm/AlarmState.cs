using System.Collections.Immutable;

namespace Koalarization.Harvest;

/// <summary>
/// Tells dead links from a dead network. Suspicious outcomes (<see cref="NetworkSign"/>) stay open until any server answers a request that was
/// made later; when most outcomes are suspicious, nothing is judged until hosts that ought to answer were probed. Immutable, without a clock and
/// without threads.
/// </summary>
/// <remarks>
/// An answer to a request that was made before shows nothing: transfers go on for a while. And that a host answers whose address is remembered does not
/// show that names can be looked up: that takes a look-up that began later and found something.
/// Signs that say nothing of the network are not counted, and of a link that fails again and again only the first failure is: that it fails once more
/// shows nothing new. In the end, when nothing is on the way but open outcomes, no answer can settle them any more: then they are judged by
/// what there is (<see cref="Quiet"/>).
/// </remarks>
public sealed record AlarmState
{
    /// <summary>Links for which the alarm rests after a whole window turned out to be dead links.</summary>
    public const int Rest = 10_000;

    /// <summary>
    /// Links for which it rests when that was found out in a quiet moment, of perhaps a single link, or without a host that answers. It covers
    /// the links that were on the way.
    /// </summary>
    public const int ShortRest = 500;

    /// <summary>Hosts that answered and are remembered.</summary>
    public const int MaxAnswered = 8;

    /// <summary>With fewer outcomes, and nobody to probe, nothing can be said of the network.</summary>
    public const int LeastToWait = 10;

    /// <summary>Open outcomes about names that are looked into at once: remembered hosts that answer in between break no row of them.</summary>
    public const int NamesInDoubt = 50;

    /// <summary>Silence of fewer hosts than this may well be their own, so it is waited for only <see cref="ProbesOfFew"/> times.</summary>
    public const int Few = 3;

    /// <summary>Probes without an answer, four minutes in all, after which the links of a few silent hosts are taken for dead.</summary>
    public const int ProbesOfFew = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly LinkHost? _probe;

    private AlarmState(LinkHost? probe) => _probe = probe;

    /// <summary>Where it is.</summary>
    public AlarmPhase Phase { get; private init; }

    /// <summary>Outcomes that are not judged.</summary>
    public int Open { get; private init; }

    /// <summary>Counts what was seen. Whoever makes a request notes it, to say later when it was made.</summary>
    public long Moment { get; private init; }

    /// <summary>What looks broken, by what the open outcomes mostly are.</summary>
    public NetworkFault Fault =>
        Opened.Count(open => open.Sign.IsOfNames()) * 2 >= Open ? NetworkFault.Names : NetworkFault.Connections;

    /// <summary>
    /// Hosts that ought to answer: the one that the user named, and those that answered last. Of addresses nothing is learned while it is names that
    /// cannot be looked up.
    /// </summary>
    public IReadOnlyList<LinkHost> Targets
    {
        get
        {
            bool addressesTell = Fault != NetworkFault.Names;
            return [.. (_probe is { } probe ? Answered.Insert(0, probe) : Answered).Distinct().Where(host => addressesTell || !host.IsAddress)];
        }
    }

    /// <summary>How long to wait before the next probe.</summary>
    public TimeSpan Pause => Min(FirstPause * Math.Pow(2, Math.Max(0, FailedProbes - 1)), LongestPause);

    internal int RestLeft { get; private init; }

    internal SignWindow Window { get; private init; } = SignWindow.Empty;

    /// <summary>The first probe that failed is the one that said so: news for the user.</summary>
    internal int FailedProbes { get; private init; }

    private int RestWhenAlive { get; init; }

    /// <summary>Open outcomes that are about names, and first failures of their links.</summary>
    private int OpenNames { get; init; }

    /// <summary>The open outcomes, the oldest first.</summary>
    private ImmutableQueue<OpenSign> Opened { get; init; } = [];

    private ImmutableList<LinkHost> Answered { get; init; } = [];

    /// <summary>The alarm of a job that begins.</summary>
    /// <param name="probe">A host of which the user says that it answers.</param>
    public static AlarmState New(LinkHost? probe = null) => new(probe);

    /// <summary>An outcome came. A suspicious one is open until an action settles it, perhaps the one that is returned.</summary>
    /// <param name="sign">What it tells.</param>
    /// <param name="host">The host of its link.</param>
    /// <param name="madeAt">The <see cref="Moment"/> when the request was made.</param>
    /// <param name="lookups">Look-ups until now.</param>
    /// <param name="again">Whether a suspicious outcome of the same link was confirmed before.</param>
    public AlarmStep Saw(NetworkSign sign, LinkHost host, long madeAt, LookupCounts lookups, bool again = false)
    {
        if (sign == NetworkSign.Nothing)
        {
            return AlarmStep.To(this);
        }

        bool suspicious = sign.IsSuspicious();
        AlarmState seen = (suspicious ? Opening(new OpenSign(sign, host, Moment + 1, lookups.Begun, again)) : Remembering(host)) with { Moment = Moment + 1 };
        if (Phase != AlarmPhase.Watching)
        {
            return AlarmStep.To(seen);
        }

        if (RestLeft > 0)
        {
            return (seen with { RestLeft = again ? RestLeft : RestLeft - 1 }).Settling(AlarmAction.Confirm);
        }

        if (!suspicious)
        {
            return (seen with { Window = Window.With(suspicious: false) }).Answering(madeAt, lookups.NewestGood);
        }

        seen = again ? seen : seen with { Window = Window.With(suspicious: true) };
        return again ? AlarmStep.To(seen)
            : seen.Window.IsAlarming ? seen.Tripped(Rest)
            : (seen.Window.IsRow || seen.OpenNames >= NamesInDoubt) && seen.Targets.Count > 0 ? seen.Tripped(ShortRest)
            : AlarmStep.To(seen);
    }

    /// <summary>Nothing is on the way: no answer will come that could settle the open outcomes.</summary>
    public AlarmStep Quiet() => (Phase, Open) switch
    {
        (AlarmPhase.Watching, > 0) => Targets.Count > 0 || Window.IsMostlySuspicious ? Tripped(ShortRest) : Settling(AlarmAction.Confirm),
        _ => AlarmStep.To(this),
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
            (AlarmPhase.Watching, _) => AlarmStep.To(this),
            (AlarmPhase.Judging, true) => probed.Anew(RestWhenAlive).Settling(AlarmAction.Confirm),
            (AlarmPhase.Waiting, true) => probed.Anew(rest: 0).Settling(AlarmAction.TryAgain),
            (AlarmPhase.Waiting, false) when FailedProbes >= ProbesOfFew && _probe is null && Opened.Select(open => open.Host).Distinct().Count() < Few =>
                Anew(ShortRest).Settling(AlarmAction.Confirm),
            _ => Waits(),
        };
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private AlarmStep Tripped(int rest)
    {
        if (Targets.Count > 0)
        {
            return AlarmStep.To(this with { Phase = AlarmPhase.Judging, RestWhenAlive = rest }, AlarmAction.Probe);
        }

        // Somebody said no, so somebody is there.
        if (Opened.Any(open => open.Sign.IsDenial()))
        {
            return Anew(ShortRest).Settling(AlarmAction.Confirm);
        }

        return Window.Count < LeastToWait ? Settling(AlarmAction.Confirm) : Waits();
    }

    private AlarmState Opening(OpenSign open) => this with { Open = Open + 1, OpenNames = OpenNames + open.FirstNames, Opened = Opened.Enqueue(open) };

    /// <summary>All open outcomes are settled so.</summary>
    private AlarmStep Settling(AlarmAction action) => new(Open == 0 ? this : this with { Open = 0, OpenNames = 0, Opened = [] }, action, Open);

    /// <summary>Those that came before the answered request was made, or before a look-up that found something, stand. In order: one waits for another.</summary>
    private AlarmStep Answering(long madeAt, long newestGoodLookup)
    {
        AlarmState left = this;
        while (left.Open > 0 && left.Opened.Peek() is var open && (open.Sign.IsOfNames() ? open.LookupsBegun < newestGoodLookup : open.Moment <= madeAt))
        {
            left = left with { Open = left.Open - 1, OpenNames = left.OpenNames - open.FirstNames, Opened = left.Opened.Dequeue() };
        }

        return left.Open == Open ? AlarmStep.To(this) : new AlarmStep(left, AlarmAction.Confirm, Open - left.Open);
    }

    private AlarmState Anew(int rest) => this with { Phase = AlarmPhase.Watching, Window = SignWindow.Empty, FailedProbes = 0, RestLeft = rest };

    private AlarmStep Waits() => AlarmStep.To(this with { Phase = AlarmPhase.Waiting, FailedProbes = FailedProbes + 1 }, AlarmAction.Wait);

    private AlarmState Remembering(LinkHost host) => Answered.Contains(host)
        ? this
        : this with { Answered = (Answered.Count < MaxAnswered ? Answered : Answered.RemoveAt(0)).Add(host) };

    private readonly record struct OpenSign(NetworkSign Sign, LinkHost Host, long Moment, long LookupsBegun, bool Again)
    {
        public int FirstNames => Sign.IsOfNames() && !Again ? 1 : 0;
    }
}
