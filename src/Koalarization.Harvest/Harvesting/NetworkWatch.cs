namespace Koalarization.Harvest;

/// <summary>
/// Carries out what the alarm decides: settles outcomes, probes hosts, waits, and says so. Members are called under the gate's lock unless they
/// say otherwise.
/// </summary>
/// <param name="web">Probes hosts.</param>
/// <param name="probe">A host that ought to answer.</param>
/// <param name="gate">The gate's lock.</param>
/// <param name="waitingHosts">Hosts of links that wait.</param>
/// <param name="resume">Called under it when links may be fetched again, or have been judged.</param>
/// <param name="notify">The listener.</param>
/// <param name="inBackground">Runs what nobody waits for, elsewhere.</param>
internal sealed class NetworkWatch(
    IWeb web, LinkHost? probe, Lock gate, Func<IEnumerable<LinkHost>> waitingHosts, Action resume, Action<HarvestNotice> notify, Action<Func<Task>> inBackground)
    : IDisposable
{
    /// <summary>Hosts of links that wait here which are probed at a time while waiting, others the next time.</summary>
    private const int SuspectsProbed = 16;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<HarvestNotice> _notices = new();
    private readonly Lock _speaking = new();
    private readonly Queue<OpenOutcome> _open = new();
    private AlarmState _alarm = AlarmState.New(probe);
    private long _lastAnswer = web.Clock.GetTimestamp();
    private long _waitingSince;
    private int _nextSuspect;
    private bool _isProbing;

    /// <summary>Whether links may be fetched.</summary>
    public bool LetsFetch => _alarm.Phase == AlarmPhase.Watching;

    /// <summary>The alarm's moment, for requests that are made now.</summary>
    public long Moment => _alarm.Moment;

    /// <summary>An outcome came; a suspicious one with its judgement.</summary>
    public void Saw(FetchOutcome outcome, LinkHost host, long madeAt, OpenOutcome? open)
    {
        NetworkSign sign = NetworkSigns.Of(outcome, host);
        if (sign == NetworkSign.Answer)
        {
            _lastAnswer = web.Clock.GetTimestamp();
        }

        if (open is not null)
        {
            _open.Enqueue(open);
        }

        Follow(_alarm.Saw(sign, host, madeAt, web.Lookups, again: open?.Again ?? false));
    }

    /// <summary>Nothing is on the way.</summary>
    public void Quiet() => Follow(_alarm.Quiet());

    /// <summary>Something to say, once the lock is free.</summary>
    public void Notify(HarvestNotice notice) => _notices.Enqueue(notice);

    /// <summary>Says it. Not under the lock, because the listener may take its time.</summary>
    public void SayNotices()
    {
        lock (_speaking)
        {
            while (TryNextNotice(out HarvestNotice? notice))
            {
                notify(notice);
            }
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        while (_open.TryDequeue(out OpenOutcome? open))
        {
            open.TrySetException(new ObjectDisposedException(nameof(Harvester)));
        }
    }

    private bool TryNextNotice([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HarvestNotice? notice)
    {
        lock (gate)
        {
            return _notices.TryDequeue(out notice);
        }
    }

    private void Follow(AlarmStep step)
    {
        bool wasWatching = LetsFetch;
        bool wasWaiting = _alarm.Phase == AlarmPhase.Waiting;
        _alarm = step.State;
        switch (step.Action)
        {
            case AlarmAction.Confirm:
                if (wasWaiting)
                {
                    Notify(new SilenceBelieved(step.Settled, web.Clock.GetElapsedTime(_waitingSince)));
                }

                Settle(step.Settled, stands: true);
                break;
            case AlarmAction.TryAgain:
                web.ForgetMissingHosts(web.Clock.GetElapsedTime(_lastAnswer));
                Notify(new NetworkBack(step.Settled, web.Clock.GetElapsedTime(_waitingSince)));
                Settle(step.Settled, stands: false);
                break;
            case AlarmAction.Wait when _alarm.FailedProbes == 1:
                _waitingSince = web.Clock.GetTimestamp();
                Notify(new NetworkLost(_alarm.Fault, _alarm.Open, _alarm.Targets.Count));
                break;
            default:
                break;
        }

        if (wasWatching && !LetsFetch)
        {
            web.ForgetMissingHosts(web.Clock.GetElapsedTime(_lastAnswer));
            if (!_isProbing)
            {
                _isProbing = true;
                inBackground(ProbeUntilJudgedAsync);
            }
        }
    }

    private void Settle(int count, bool stands)
    {
        for (; count > 0 && _open.TryDequeue(out OpenOutcome? open); count--)
        {
            open.TrySetResult(stands);
        }
    }

    private async Task ProbeUntilJudgedAsync()
    {
        try
        {
            SayNotices();
            while (NextProbes(out LinkHost[] hosts) is { } pause)
            {
                await Task.Delay(pause, web.Clock, _stopping.Token);
                (ProbeAnswer best, LinkHost? connected) = await ProbeAsync(hosts);
                lock (gate)
                {
                    Follow(_alarm.Probed(best, connected));
                    resume();
                }

                SayNotices();
            }
        }
        catch (OperationCanceledException)
        {
            // The harvester is disposed of.
        }
    }

    /// <summary>Whom to probe, and after which pause; null: it is judged.</summary>
    private TimeSpan? NextProbes(out LinkHost[] hosts)
    {
        lock (gate)
        {
            hosts = [.. _alarm.Targets];
            if (LetsFetch)
            {
                _isProbing = false;
                return null;
            }

            if (_alarm.Phase == AlarmPhase.Judging)
            {
                return TimeSpan.Zero;
            }

            hosts = [.. hosts.Concat(NextSuspects()).Distinct()];
            return _alarm.Pause;
        }
    }

    // While names cannot be looked up, an address that answers shows nothing.
    private IEnumerable<LinkHost> NextSuspects()
    {
        LinkHost[] all = [.. _open.Select(open => open.Host).Concat(waitingHosts()).Where(host => _alarm.Fault != NetworkFault.Names || !host.IsAddress).Distinct()];
        int first = _nextSuspect;
        _nextSuspect += SuspectsProbed;
        return Enumerable.Range(first, Math.Min(SuspectsProbed, all.Length)).Select(i => all[i % all.Length]);
    }

    /// <summary>Probes all at once; the first connection is enough, and the others end by themselves.</summary>
    private async Task<(ProbeAnswer Best, LinkHost? Connected)> ProbeAsync(LinkHost[] hosts)
    {
        var asked = hosts.Select(async host => (Host: host, Answer: await web.ProbeAsync(host, _stopping.Token))).ToList();
        var best = ProbeAnswer.Silent;
        while (asked.Count > 0)
        {
            Task<(LinkHost Host, ProbeAnswer Answer)> first = await Task.WhenAny(asked);
            asked.Remove(first);
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
