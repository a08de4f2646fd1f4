using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Outages;

/// <summary>Does what <see cref="CircuitState"/> decides: settles pending outcomes, probes hosts, and reports. Thread-safe.</summary>
/// <param name="fetcher">Probes hosts, and gives the clock.</param>
/// <param name="probe">A host that answers whenever the network does, or null.</param>
/// <param name="waitingHosts">Hosts of links that wait; called under no lock.</param>
/// <param name="probed">Called under no lock after hosts were probed: the circuit may be closed now.</param>
/// <param name="report">Queues what the user should know; called under the monitor's lock.</param>
internal sealed class OutageMonitor(
    ILinkFetcher fetcher, LinkHost? probe, Func<IEnumerable<LinkHost>> waitingHosts, Action probed, Action<OutageNotice> report) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile CircuitState _circuit = new CircuitState(probe);
    private long _lastAnswer = fetcher.Clock.GetTimestamp();
    private long _openSince;

    /// <summary>Whether links may be fetched.</summary>
    public bool IsClosed => _circuit.Phase == CircuitPhase.Closed;

    /// <summary>The circuit's sequence number, for requests that are made now.</summary>
    public long Sequence => _circuit.Sequence;

    /// <summary>Records the outcome of a request that was made at this sequence number.</summary>
    /// <returns>For a suspicious one, what to wait for; else null.</returns>
    public PendingOutcome? Record(FetchOutcome outcome, LinkHost host, long madeAt, bool failedBefore)
    {
        NetworkSignal signal = NetworkSignals.Of(outcome, host);
        lock (_lock)
        {
            if (signal == NetworkSignal.Answer)
            {
                _lastAnswer = fetcher.Clock.GetTimestamp();
                Apply(_circuit.Answered(host, madeAt, fetcher.Lookups.NewestGood));
            }

            if (!signal.IsSuspicious())
            {
                return null;
            }

            var pending = new PendingOutcome(signal, host, _circuit.Sequence, fetcher.Lookups.Begun);
            Apply(_circuit.Failed(pending, failedBefore));
            AbandonIfStopped(pending);
            return pending;
        }
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
    }

    /// <summary>Ends the probing, and fails what waits for a verdict.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        lock (_lock)
        {
            _circuit.Pending.ForEach(AbandonIfStopped);
        }
    }

    private void AbandonIfStopped(PendingOutcome outcome)
    {
        if (_stopping.IsCancellationRequested)
        {
            outcome.TrySetException(new ObjectDisposedException(nameof(FetchThrottle)));
        }
    }

    private void Apply(CircuitStep step)
    {
        CircuitPhase before = _circuit.Phase;
        _circuit = step.State;
        switch (before, _circuit.Phase)
        {
            case (CircuitPhase.Open, CircuitPhase.Closed):
                TimeSpan waited = fetcher.Clock.GetElapsedTime(_openSince);
                report(step.AreFinal ? new HostsConfirmedDead(step.Settled.Count, waited) : new NetworkBack(step.Settled.Count, waited));
                break;
            case (not CircuitPhase.Open, CircuitPhase.Open):
                _openSince = fetcher.Clock.GetTimestamp();
                report(new NetworkLost(_circuit.Fault, _circuit.Pending.Count, _circuit.Targets.Length));
                break;
        }

        // A resolver that is broken may have said of any host that it does not exist.
        if ((before == CircuitPhase.Closed && !IsClosed) || !step.AreFinal)
        {
            fetcher.ForgetMissingHosts(fetcher.Clock.GetElapsedTime(_lastAnswer));
        }

        if (before == CircuitPhase.Closed && !IsClosed)
        {
            _ = ProbeUntilClosedAsync();
        }

        foreach (PendingOutcome outcome in step.Settled)
        {
            outcome.TrySetResult(step.AreFinal);
        }
    }

    private async Task ProbeUntilClosedAsync()
    {
        try
        {
            // Not under the caller's lock.
            await Task.Yield();
            for (bool isClosed = false; !isClosed;)
            {
                LinkHost[] hosts = [.. _circuit.HostsToProbe(waitingHosts())];
                await Task.Delay(_circuit.Pause, fetcher.Clock, _stopping.Token);
                (ProbeAnswer best, LinkHost host) = await ProbeAsync(hosts);
                lock (_lock)
                {
                    Apply(_circuit.Probed(best, host));
                    isClosed = IsClosed;
                }

                probed();
            }
        }
        catch (OperationCanceledException)
        {
            // The monitor is disposed.
        }
    }

    /// <summary>Probes all at once. The first connection is enough; the others end by themselves.</summary>
    private async Task<(ProbeAnswer Best, LinkHost Host)> ProbeAsync(LinkHost[] hosts)
    {
        (ProbeAnswer Answer, LinkHost Host) best = default;
        List<Task<(ProbeAnswer Answer, LinkHost Host)>> probes = [.. hosts.Select(async host => (await fetcher.ProbeAsync(host, _stopping.Token), host))];
        while (best.Answer != ProbeAnswer.Connected && probes.Count > 0)
        {
            Task<(ProbeAnswer Answer, LinkHost Host)> ended = await Task.WhenAny(probes);
            probes.Remove(ended);
            best = (await ended).Answer > best.Answer ? await ended : best;
        }

        return best;
    }
}
