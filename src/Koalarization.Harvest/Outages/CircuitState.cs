using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Outages;

internal enum CircuitPhase
{
    /// <summary>Links are fetched.</summary>
    Closed,

    /// <summary>Nothing is fetched: hosts that should answer are probed for the first time.</summary>
    HalfOpen,

    /// <summary>Nothing is fetched: no host answered, and hosts are probed after growing pauses.</summary>
    Open,
}

/// <summary>The circuit after an event, and the outcomes that this settles: they are final, or the network failed and the try does not count.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CircuitStep(CircuitState State, IReadOnlyCollection<PendingOutcome> Settled, bool AreFinal);

/// <summary>
/// A circuit breaker that distinguishes dead links from a dead network. A suspicious outcome is pending until a server answers a request that was made later.
/// When most outcomes are suspicious the circuit opens: nothing is fetched or judged until hosts that should answer were probed. Immutable, without a clock.
/// </summary>
/// <param name="Named">A host that answers whenever the network does, named by the user; or null.</param>
internal sealed record CircuitState(LinkHost? Named = null)
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

    /// <summary>Hosts of links that are probed at a time while the circuit is open; the next time others are.</summary>
    private const int MaxHostsOfLinks = 16;

    public CircuitPhase Phase { get; private init; }

    /// <summary>The suspicious outcomes that are not judged yet, the oldest first.</summary>
    public ImmutableList<PendingOutcome> Pending { get; private init; } = [];

    /// <summary>Counts the recorded outcomes. A request carries the number at which it was made.</summary>
    public long Sequence { get; private init; }

    /// <summary>What looks broken: what most of the pending outcomes are about.</summary>
    public NetworkFault Fault => Pending.Count(outcome => outcome.Signal.IsAboutNames()) * 2 >= Pending.Count ? NetworkFault.Names : NetworkFault.Connections;

    /// <summary>Hosts that should answer: the one that the user named, and the last ones that answered.</summary>
    public LinkHost[] Targets => Probeable(Named is { } named ? Answering.Insert(0, named) : Answering);

    /// <summary>The pause before the next probe: none, then 2 s, doubled by every probe that fails, up to a minute.</summary>
    public TimeSpan Pause => FailedProbes == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, FailedProbes), 60));

    private int FailedProbes { get; init; }

    private int CooldownLeft { get; init; }

    /// <summary>The last outcomes: whether each was suspicious.</summary>
    private ImmutableArray<bool> Window { get; init; } = [];

    private ImmutableList<LinkHost> Answering { get; init; } = [];

    private int Suspicious => Window.AsSpan().Count(true);

    private int SuspiciousInARow => Window.Length - 1 - Window.AsSpan().LastIndexOf(false);

    private bool IsMostlySuspicious => Suspicious > WindowLength / 2;

    /// <summary>A server answered: what failed before its request was made, or before a look-up that found an address, is final.</summary>
    public CircuitStep Answered(LinkHost host, long madeAt, long newestGoodLookup)
    {
        CircuitState next = Counting(suspicious: false).WithAnswering(host) with { Sequence = Sequence + 1 };
        return next.Settle(Phase == CircuitPhase.Closed ? Pending.TakeWhile(outcome => outcome.IsSettledBy(madeAt, newestGoodLookup)).Count() : 0);
    }

    /// <summary>A suspicious outcome: it is pending until a step settles it, perhaps this one.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="failedBefore">Whether a suspicious outcome of the same link was final before: a link counts once.</param>
    public CircuitStep Failed(PendingOutcome outcome, bool failedBefore = false)
    {
        CircuitState next = (failedBefore ? this : Counting(suspicious: true)) with { Pending = Pending.Add(outcome), Sequence = Sequence + 1 };
        return Phase != CircuitPhase.Closed ? next.Settle(0)
            : CooldownLeft > 0 ? next.Settle(next.Pending.Count)
            : next.IsMostlySuspicious || (next.SuspiciousInARow >= RowLength && next.Targets.Length > 0) ? next.Trip()
            : next.Settle(0);
    }

    /// <summary>No request is in flight: no answer will come that could settle the pending outcomes.</summary>
    public CircuitStep Idle() => Phase == CircuitPhase.Closed && Pending.Count > 0 ? Trip() : Settle(0);

    /// <summary>The hosts to probe while the circuit is not closed; when it is open, also those of links that failed or wait.</summary>
    public IEnumerable<LinkHost> HostsToProbe(IEnumerable<LinkHost> waiting)
    {
        LinkHost[] ofLinks = Phase == CircuitPhase.Open ? Probeable(Pending.Select(outcome => outcome.Host).Concat(waiting)) : [];
        IEnumerable<int> next = Enumerable.Range(FailedProbes * MaxHostsOfLinks, Math.Min(MaxHostsOfLinks, ofLinks.Length));
        return Targets.Union(next.Select(i => ofLinks[i % ofLinks.Length]));
    }

    /// <summary>Those hosts were probed: the best answer, and the host that gave it.</summary>
    public CircuitStep Probed(ProbeAnswer best, LinkHost host)
    {
        if (best == ProbeAnswer.Connected || (best == ProbeAnswer.Denied && Targets.Length == 0))
        {
            CircuitState probed = best == ProbeAnswer.Connected ? WithAnswering(host) : this;
            return Phase == CircuitPhase.Open
                ? probed.Close(cooldown: 0, areFinal: false)
                : probed.Close(IsMostlySuspicious ? Cooldown : ShortCooldown);
        }

        bool mayBeTheHosts = Named is null && Pending.DistinctBy(outcome => outcome.Host).Count() < FewHosts;
        return mayBeTheHosts && FailedProbes >= ProbesOfFewHosts ? Close(ShortCooldown) : Open();
    }

    /// <summary>The hosts whose answer would show something: an address shows nothing of names that cannot be looked up.</summary>
    private LinkHost[] Probeable(IEnumerable<LinkHost> hosts)
    {
        bool addressesCount = Fault != NetworkFault.Names;
        return [.. hosts.Where(host => addressesCount || !host.IsAddress).Distinct()];
    }

    private CircuitStep Trip() =>
        Targets.Length > 0 ? (this with { Phase = CircuitPhase.HalfOpen }).Settle(0)
        : Pending.Any(outcome => outcome.Signal.IsDenial()) ? Close(ShortCooldown) // A denial came from a machine that is there.
        : Suspicious < MinToWait ? Settle(Pending.Count)
        : Open();

    private CircuitStep Open() => (this with { Phase = CircuitPhase.Open, FailedProbes = FailedProbes + 1 }).Settle(0);

    private CircuitStep Close(int cooldown, bool areFinal = true) =>
        (this with { Phase = CircuitPhase.Closed, FailedProbes = 0, CooldownLeft = cooldown, Window = [] }).Settle(Pending.Count, areFinal);

    private CircuitStep Settle(int count, bool areFinal = true) =>
        new(this with { Pending = Pending.RemoveRange(0, count) }, Pending.GetRange(0, count), areFinal);

    private CircuitState Counting(bool suspicious) => CooldownLeft > 0
        ? this with { CooldownLeft = CooldownLeft - 1 }
        : this with { Window = [.. Window.AsSpan()[Math.Max(0, Window.Length + 1 - WindowLength)..], suspicious] };

    private CircuitState WithAnswering(LinkHost host) => Answering.Contains(host)
        ? this
        : this with { Answering = (Answering.Count < MaxAnswered ? Answering : Answering.RemoveAt(0)).Add(host) };
}
