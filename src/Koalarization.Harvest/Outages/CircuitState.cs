using System.Collections.Immutable;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Outages;

/// <summary>
/// A circuit breaker that distinguishes dead links from a dead network. Suspicious outcomes (<see cref="NetworkSignal"/>) stay pending until a server answers a
/// request that was made later. When most outcomes are suspicious the circuit opens: nothing is fetched or judged until hosts that should answer
/// were probed. Immutable, without a clock and without threads.
/// </summary>
/// <remarks>
/// An answer to a request that was made earlier settles nothing: transfers continue for a while after a network has died. An outcome about a name is settled
/// by a look-up that began later and found an address: hosts whose address is cached answer while no name can be looked up.
/// Of a link that fails repeatedly only the first failure counts.
/// </remarks>
internal sealed record CircuitState
{
    public const int WindowLength = 200;

    /// <summary>Suspicious outcomes in a row that open the circuit while there is a host to probe.</summary>
    public const int RowLength = 20;

    /// <summary>Links for which the circuit stays closed after most of a window turned out to be dead links.</summary>
    public const int Cooldown = 10_000;

    /// <summary>The same after less evidence: fewer outcomes, or no host that answered.</summary>
    public const int ShortCooldown = 500;

    public const int MaxAnswered = 8;

    /// <summary>With fewer suspicious outcomes and no host to probe, the links are taken for dead.</summary>
    public const int MinToWait = 10;

    /// <summary>With fewer hosts than this, the failure may be theirs: after <see cref="ProbesOfFewHosts"/> their links are taken for dead.</summary>
    public const int FewHosts = 3;

    /// <summary>Failed probes (four minutes) after which the links of few hosts are taken for dead.</summary>
    public const int ProbesOfFewHosts = 8;

    private readonly LinkHost? _probe;

    private CircuitState(LinkHost? probe) => _probe = probe;

    public CircuitPhase Phase { get; private init; }

    public int Pending { get; private init; }

    /// <summary>Counts the recorded outcomes. A request carries the number at which it was made.</summary>
    public long Sequence { get; private init; }

    /// <summary>What looks broken: what most of the pending outcomes are about.</summary>
    public NetworkFault Fault =>
        Failures.Count(failure => failure.Signal.IsAboutNames()) * 2 >= Pending ? NetworkFault.Names : NetworkFault.Connections;

    /// <summary>Hosts that should answer: the one that the user named, and the last ones that answered.</summary>
    public IReadOnlyList<LinkHost> Targets => Probeable(_probe is { } probe ? Answered.Insert(0, probe) : Answered);

    /// <summary>The pause before the next probe: 2 s, doubled by every probe that fails, up to a minute.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, FailedProbes), 60));

    private int FailedProbes { get; init; }

    /// <summary>The last outcomes: whether each was suspicious.</summary>
    private ImmutableQueue<bool> Window { get; init; } = [];

    private int Counted { get; init; }

    private int Suspicious { get; init; }

    private int Row { get; init; }

    private int CooldownLeft { get; init; }

    /// <summary>The pending outcomes, the oldest first.</summary>
    private ImmutableQueue<Failure> Failures { get; init; } = [];

    private ImmutableList<LinkHost> Answered { get; init; } = [];

    private bool IsTripped => Suspicious > WindowLength / 2;

    /// <param name="probe">A host that answers whenever the network does, named by the user.</param>
    public static CircuitState New(LinkHost? probe = null) => new(probe);

    /// <summary>Records an outcome. A suspicious one is pending until a step settles it, perhaps the one that is returned.</summary>
    /// <param name="signal">What the outcome says.</param>
    /// <param name="host">The host of its link.</param>
    /// <param name="madeAt">The <see cref="Sequence"/> at which the request was made.</param>
    /// <param name="lookups">Look-ups until now.</param>
    /// <param name="again">Whether a suspicious outcome of the same link was confirmed before.</param>
    public CircuitStep Record(NetworkSignal signal, LinkHost host, long madeAt, LookupCounts lookups, bool again = false)
    {
        if (signal == NetworkSignal.None)
        {
            return new CircuitStep(this);
        }

        bool suspicious = signal.IsSuspicious();
        CircuitState next = (suspicious ? WithFailure(new Failure(signal, host, Sequence + 1, lookups.Begun)) : WithAnswered(host)) with { Sequence = Sequence + 1 };
        if (Phase != CircuitPhase.Closed)
        {
            return new CircuitStep(next);
        }

        if (CooldownLeft > 0)
        {
            return (next with { CooldownLeft = again ? CooldownLeft : CooldownLeft - 1 }).Settle(CircuitAction.Confirm);
        }

        if (!suspicious)
        {
            return next.Count(suspicious: false).SettleAnswered(madeAt, lookups.NewestGood);
        }

        next = again ? next : next.Count(suspicious: true);
        bool trips = !again && (next.IsTripped || (next.Row >= RowLength && next.Targets.Count > 0));
        return trips ? next.Trip() : new CircuitStep(next);
    }

    /// <summary>The hosts whose answer would show something: while names cannot be looked up, no addresses.</summary>
    public LinkHost[] Probeable(IEnumerable<LinkHost> hosts)
    {
        bool addressesCount = Fault != NetworkFault.Names;
        return [.. hosts.Where(host => addressesCount || !host.IsAddress).Distinct()];
    }

    /// <summary>No request is in flight: no answer will come that could settle the pending outcomes.</summary>
    public CircuitStep Idle() => Phase == CircuitPhase.Closed && Pending > 0 ? Trip() : new CircuitStep(this);

    /// <summary>The probes that a step asked for are done, with their best answer, and the host that was connected to.</summary>
    public CircuitStep Probed(ProbeAnswer best, LinkHost? connected = null)
    {
        CircuitState probed = connected is { } host ? WithAnswered(host) : this;
        bool isAlive = best == ProbeAnswer.Connected || (best == ProbeAnswer.Denied && Targets.Count == 0);
        return (Phase, isAlive) switch
        {
            (CircuitPhase.Closed, _) => new CircuitStep(this),
            (CircuitPhase.HalfOpen, true) => probed.Close(IsTripped ? Cooldown : ShortCooldown, CircuitAction.Confirm),
            (CircuitPhase.Open, true) => probed.Close(cooldown: 0, CircuitAction.TryAgain),
            (CircuitPhase.Open, false) when FailedProbes >= ProbesOfFewHosts && _probe is null && HasFewHosts => Close(ShortCooldown, CircuitAction.Confirm),
            _ => Open(),
        };
    }

    private bool HasFewHosts => Failures.Select(failure => failure.Host).Distinct().Take(FewHosts).Count() < FewHosts;

    private CircuitStep Trip()
    {
        if (Targets.Count > 0)
        {
            return new CircuitStep(this with { Phase = CircuitPhase.HalfOpen }, CircuitAction.Probe);
        }

        // A denial came from a machine that is there.
        return Failures.Any(failure => failure.Signal.IsDenial()) ? Close(ShortCooldown, CircuitAction.Confirm)
            : Suspicious < MinToWait ? Settle(CircuitAction.Confirm)
            : Open();
    }

    private CircuitStep Open() => new CircuitStep(this with { Phase = CircuitPhase.Open, FailedProbes = FailedProbes + 1 }, CircuitAction.Wait);

    private CircuitStep Close(int cooldown, CircuitAction action) =>
        (this with { Phase = CircuitPhase.Closed, Window = [], Counted = 0, Suspicious = 0, Row = 0, FailedProbes = 0, CooldownLeft = cooldown }).Settle(action);

    private CircuitStep Settle(CircuitAction action) => new(this with { Pending = 0, Failures = [] }, action, Pending);

    /// <summary>Confirms what failed before the answered request was made, or before a look-up that found an address, in the order of failing.</summary>
    private CircuitStep SettleAnswered(long madeAt, long newestGoodLookup)
    {
        ImmutableQueue<Failure> left = Failures;
        int settled = 0;
        for (; !left.IsEmpty && left.Peek().IsSettledBy(madeAt, newestGoodLookup); settled++)
        {
            left = left.Dequeue();
        }

        return settled == 0
            ? new CircuitStep(this)
            : new CircuitStep(this with { Pending = Pending - settled, Failures = left }, CircuitAction.Confirm, settled);
    }

    private CircuitState Count(bool suspicious)
    {
        bool oldest = false;
        ImmutableQueue<bool> kept = Counted < WindowLength ? Window : Window.Dequeue(out oldest);
        return this with
        {
            Window = kept.Enqueue(suspicious),
            Counted = Math.Min(Counted + 1, WindowLength),
            Suspicious = Suspicious + (suspicious ? 1 : 0) - (oldest ? 1 : 0),
            Row = suspicious ? Row + 1 : 0,
        };
    }

    private CircuitState WithFailure(Failure failure) => this with { Pending = Pending + 1, Failures = Failures.Enqueue(failure) };

    private CircuitState WithAnswered(LinkHost host) => Answered.Contains(host)
        ? this
        : this with { Answered = (Answered.Count < MaxAnswered ? Answered : Answered.RemoveAt(0)).Add(host) };

    private readonly record struct Failure(NetworkSignal Signal, LinkHost Host, long Sequence, long LookupsBegun)
    {
        public bool IsSettledBy(long madeAt, long newestGoodLookup) =>
            Signal.IsAboutNames() ? LookupsBegun < newestGoodLookup : Sequence <= madeAt;
    }
}
