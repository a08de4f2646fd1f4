using System.Runtime.InteropServices;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// Gives a permit for every request of a process: not too many at once, not too many per host, none while the network looks broken. Thread-safe. A link that
/// waits for a permit takes nothing but its own wait.
/// </summary>
internal sealed class FetchThrottle : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Lock _lock = new();
    private readonly HostQueues _hosts;
    private readonly NoticeQueue _notices;
    private readonly OutageMonitor _outages;
    private long _returned;
    private TimeSpan? _waitReportedAt;

    /// <param name="fetcher">Probes hosts, and gives the clock.</param>
    /// <param name="options">How many, how gently.</param>
    /// <param name="notify">Receives what the user should know; called from any thread, one call at a time, and must not throw.</param>
    public FetchThrottle(ILinkFetcher fetcher, DownloadOptions options, Action<OutageNotice>? notify)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallel, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HostLimit, 1, nameof(options));
        _clock = fetcher.Clock;
        _start = _clock.GetTimestamp();
        _hosts = new HostQueues(options, _clock, Wake);
        _notices = new NoticeQueue(notify ?? (_ => { }));
        _outages = new OutageMonitor(fetcher, options.Probe, WaitingHosts, StartWaiting, _notices.Add);
    }

    /// <summary>Permits in use.</summary>
    public int InFlight => Load.InFlight;

    /// <summary>The present load.</summary>
    public ThrottleLoad Load
    {
        get
        {
            lock (_lock)
            {
                return new ThrottleLoad(_hosts.InFlight, _returned, _outages.IsClosed);
            }
        }
    }

    /// <summary>Waits for a permit, to be given back by <see cref="Return"/>. A rejected link has none.</summary>
    /// <param name="host">The host.</param>
    /// <param name="source">Where the host's limit comes from; null: only this process fetches from the host.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<PermitResult> EnterAsync(LinkHost host, IHostLimitSource? source, CancellationToken cancellation)
    {
        var request = new PermitRequest();
        HostQueue queue;
        lock (_lock)
        {
            queue = _hosts.Add(host, request, source);
        }

        StartWaiting();
        await using CancellationTokenRegistration registration = cancellation.UnsafeRegister((_, token) => Cancel(queue, request, token), state: null);
        return await request.Task;
    }

    /// <summary>Gives a permit back.</summary>
    /// <param name="permit">The permit.</param>
    /// <param name="outcome">What the request came to; null: it was cancelled.</param>
    /// <param name="failedBefore">Whether an outcome of the same link was confirmed before that might have been the network's fault.</param>
    /// <returns>For an outcome that may be the network's fault, what to wait for; else null.</returns>
    public PendingOutcome? Return(FetchPermit permit, FetchOutcome? outcome, bool failedBefore)
    {
        HostQueue queue = permit.Queue;
        PendingOutcome? pending = outcome is null ? null : _outages.Record(outcome, queue.Host, permit.Sequence, failedBefore);
        lock (_lock)
        {
            _returned++;
            TimeSpan now = Now();
            TimeSpan pausedBefore = queue.Limit.PausedUntil;
            _hosts.Return(permit, outcome, now);
            ReportChange(queue, pausedBefore, now);
        }

        StartWaiting();
        return pending;
    }

    /// <summary>A request could not be made, and says nothing of its link: reported once a minute at most.</summary>
    public void ReportWait(OutageNotice notice)
    {
        lock (_lock)
        {
            TimeSpan now = Now();
            if (now - _waitReportedAt < TimeSpan.FromMinutes(1))
            {
                return;
            }

            _waitReportedAt = now;
            _notices.Add(notice);
        }

        _notices.Deliver();
    }

    /// <summary>Changes some of a source's limits, and starts what may start then.</summary>
    /// <param name="source">The source.</param>
    /// <param name="hosts">The hosts, also those that no link waits for.</param>
    /// <param name="change">Changes one host's limit, under the throttle's lock, at a time of its clock.</param>
    public void Change(IHostLimitSource source, IEnumerable<LinkHost> hosts, Action<LinkHost, TimeSpan> change)
    {
        lock (_lock)
        {
            TimeSpan now = Now();
            foreach (LinkHost host in hosts)
            {
                HostQueue? queue = _hosts.Find(source, host);
                TimeSpan pausedBefore = queue?.Limit.PausedUntil ?? default;
                change(host, now);
                if (queue is not null)
                {
                    ReportChange(queue, pausedBefore, now);
                    _hosts.Wake(queue);
                }
            }
        }

        StartWaiting();
    }

    /// <summary>Runs what reads or changes limits under the throttle's lock, at a time of its clock. It starts nothing.</summary>
    public void WithLock(Action<TimeSpan> action)
    {
        lock (_lock)
        {
            action(Now());
        }
    }

    /// <summary>The time of its clock, from its beginning.</summary>
    public TimeSpan Now() => _clock.GetElapsedTime(_start);

    /// <summary>Fails what waits here.</summary>
    public void Dispose()
    {
        _outages.Dispose();
        lock (_lock)
        {
            _hosts.Dispose();
        }
    }

    private void Cancel(HostQueue queue, PermitRequest request, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!request.TrySetCanceled(cancellation))
            {
                return;
            }

            _hosts.Cancelled(queue);
        }

        StartWaiting();
    }

    private void ReportChange(HostQueue queue, TimeSpan pausedBefore, TimeSpan now)
    {
        IHostLimit limit = queue.Limit;
        if (limit.IsGivenUp)
        {
            if (!queue.IsReportedAsGivenUp)
            {
                queue.IsReportedAsGivenUp = true;
                _notices.Add(new HostGivenUp(queue.Host, queue.Waiting));
            }
        }
        else if (pausedBefore < now && limit.PausedUntil > now)
        {
            _notices.Add(new HostPaused(queue.Host, limit.PausedUntil - now, limit.MaxInFlight));
        }
    }

    private void Wake(HostQueue queue)
    {
        lock (_lock)
        {
            _hosts.Wake(queue);
        }

        StartWaiting();
    }

    /// <summary>
    /// Starts what can be started. When nothing is in flight then, no answer will settle the pending outcomes, and the monitor judges them. Called after an
    /// outcome was recorded and its permit given back, so the last one always gets here.
    /// </summary>
    private void StartWaiting()
    {
        bool isIdle;
        long sequence;
        lock (_lock)
        {
            sequence = _outages.Sequence;
            if (_outages.IsClosed)
            {
                _hosts.Start(Now(), sequence);
            }

            isIdle = _hosts.InFlight == 0;
        }

        if (isIdle)
        {
            _outages.Idle(sequence);
        }

        _notices.Deliver();
    }

    private IReadOnlyCollection<LinkHost> WaitingHosts()
    {
        lock (_lock)
        {
            return _hosts.Hosts;
        }
    }
}

/// <summary>A snapshot of a throttle.</summary>
/// <param name="InFlight">Permits in use.</param>
/// <param name="Returned">Permits given back until now.</param>
/// <param name="CanFetch">False while the network looks broken.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ThrottleLoad(int InFlight, long Returned, bool CanFetch);
