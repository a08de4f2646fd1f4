using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Outages;

/// <summary>Does what <see cref="CircuitState"/> decides: settles pending outcomes, probes hosts, and reports. Thread-safe; calls out under no lock.</summary>
/// <param name="fetcher">Probes hosts, and gives the clock.</param>
/// <param name="probe">A host that answers whenever the network does, or null.</param>
/// <param name="waitingHosts">Hosts of links that wait.</param>
/// <param name="closed">Called after a probe, which may have closed the circuit.</param>
/// <param name="notices">What the user should know.</param>
/// <param name="inBackground">Runs the probing, elsewhere.</param>
internal sealed class OutageMonitor(
    ILinkFetcher fetcher, LinkHost? probe, Func<IEnumerable<LinkHost>> waitingHosts, Action closed, NoticeQueue notices, Action<Func<Task>> inBackground)
    : IDisposable
{
    /// <summary>Hosts of links that are probed at a time while fetching waits; the next time others are.</summary>
    private const int MaxHostsOfLinks = 16;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<PendingOutcome> _pending = new();
    private volatile CircuitState _circuit = CircuitState.New(probe);
    private long _lastAnswer = fetcher.Clock.GetTimestamp();
    private long _openSince;
    private int _nextHostOfLinks;
    private bool _isProbing;

    /// <summary>Whether links may be fetched.</summary>
    public bool IsClosed => _circuit.Phase == CircuitPhase.Closed;

    /// <summary>The circuit's sequence number, for requests that are made now.</summary>
    public long Sequence => _circuit.Sequence;

    /// <summary>Records an outcome.</summary>
    /// <returns>For a suspicious one, what to wait for; else null.</returns>
    public PendingOutcome? Record(FetchOutcome outcome, LinkHost host, long madeAt, bool failedBefore)
    {
        NetworkSignal signal = NetworkSignals.Of(outcome, host);
        PendingOutcome? pending = signal.IsSuspicious() ? new PendingOutcome(host) : null;
        lock (_lock)
        {
            if (signal == NetworkSignal.Answer)
            {
                _lastAnswer = fetcher.Clock.GetTimestamp();
            }

            if (pending is not null)
            {
                _pending.Enqueue(pending);
            }

            Apply(_circuit.Record(signal, host, madeAt, fetcher.Lookups, failedBefore));
            AbandonIfStopped();
        }

        notices.Deliver();
        return pending;
    }

    /// <summary>No request was in flight at this number; if an outcome was recorded since, that one's sender checks again.</summary>
    public void Idle(long sequence)
    {
        lock (_lock)
        {
            if (_circuit.Sequence == sequence)
            {
                Apply(_circuit.Idle());
            }
        }

        notices.Deliver();
    }

    /// <summary>Ends the probing, and fails what waits for a verdict.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        lock (_lock)
        {
            AbandonIfStopped();
        }
    }

    private void AbandonIfStopped()
    {
        while (_stopping.IsCancellationRequested && _pending.TryDequeue(out PendingOutcome? pending))
        {
            pending.Abandon();
        }
    }

    private void Apply(CircuitStep step)
    {
        CircuitState before = _circuit;
        _circuit = step.State;
        switch (step.Action)
        {
            case CircuitAction.Confirm when before.Phase == CircuitPhase.Open:
                notices.Add(new HostsConfirmedDead(step.Settled, fetcher.Clock.GetElapsedTime(_openSince)));
                break;
            case CircuitAction.TryAgain:
                fetcher.ForgetMissingHosts(fetcher.Clock.GetElapsedTime(_lastAnswer));
                notices.Add(new NetworkBack(step.Settled, fetcher.Clock.GetElapsedTime(_openSince)));
                break;
            case CircuitAction.Wait when before.Phase != CircuitPhase.Open:
                _openSince = fetcher.Clock.GetTimestamp();
                notices.Add(new NetworkLost(_circuit.Fault, _circuit.Pending, _circuit.Targets.Count));
                break;
        }

        for (int left = step.Settled; left > 0 && _pending.TryDequeue(out PendingOutcome? pending); left--)
        {
            pending.Settle(isFinal: step.Action == CircuitAction.Confirm);
        }

        if (before.Phase == CircuitPhase.Closed && !IsClosed)
        {
            fetcher.ForgetMissingHosts(fetcher.Clock.GetElapsedTime(_lastAnswer));
            if (!_isProbing)
            {
                _isProbing = true;
                inBackground(ProbeUntilClosedAsync);
            }
        }
    }

    private async Task ProbeUntilClosedAsync()
    {
        try
        {
            while (NextProbes() is var (hosts, pause))
            {
                await Task.Delay(pause, fetcher.Clock, _stopping.Token);
                (ProbeAnswer best, LinkHost? connected) = await ProbeAsync(hosts);
                lock (_lock)
                {
                    Apply(_circuit.Probed(best, connected));
                }

                closed();
                notices.Deliver();
            }
        }
        catch (OperationCanceledException)
        {
            // The monitor is disposed.
        }
    }

    /// <summary>Which hosts to probe, after which pause; null: the circuit is closed.</summary>
    private (LinkHost[] Hosts, TimeSpan Pause)? NextProbes()
    {
        LinkHost[] waiting = [.. waitingHosts()];
        lock (_lock)
        {
            _isProbing = !IsClosed;
            return _circuit.Phase switch
            {
                CircuitPhase.Closed => null,
                CircuitPhase.HalfOpen => ([.. _circuit.Targets], TimeSpan.Zero),
                _ => ([.. _circuit.Targets.Union(NextHostsOfLinks(waiting))], _circuit.Pause),
            };
        }
    }

    private IEnumerable<LinkHost> NextHostsOfLinks(LinkHost[] waiting)
    {
        LinkHost[] all = _circuit.Probeable(_pending.Select(pending => pending.Host).Concat(waiting));
        int first = _nextHostOfLinks;
        _nextHostOfLinks += MaxHostsOfLinks;
        return Enumerable.Range(first, Math.Min(MaxHostsOfLinks, all.Length)).Select(i => all[i % all.Length]);
    }

    /// <summary>Probes all at once. The first connection is enough; the others end by themselves.</summary>
    private async Task<(ProbeAnswer Best, LinkHost? Connected)> ProbeAsync(LinkHost[] hosts)
    {
        var probes = hosts.Select(async host => (Host: host, Answer: await fetcher.ProbeAsync(host, _stopping.Token))).ToList();
        var best = ProbeAnswer.Silent;
        while (probes.Count > 0)
        {
            Task<(LinkHost Host, ProbeAnswer Answer)> first = await Task.WhenAny(probes);
            probes.Remove(first);
            (LinkHost host, ProbeAnswer answer) = await first;
            if (answer == ProbeAnswer.Connected)
            {
                return (answer, host);
            }

            best = (ProbeAnswer)Math.Max((int)best, (int)answer);
        }

        return (best, null);
    }
}
