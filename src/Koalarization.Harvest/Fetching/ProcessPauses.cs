namespace Koalarization.Harvest.Fetching;

/// <summary>
/// Notices that the process did not run: it was stopped (SIGSTOP, a debugger, a frozen container), or the machine slept. A deadline that passed meanwhile says
/// nothing of a server, and a connection that broke meanwhile neither. Thread-safe.
/// </summary>
/// <remarks>
/// A tick comes every second. One that comes late by another second was kept from coming. The clock of deadlines does not run while a machine sleeps, the
/// calendar does: both are looked at.
/// </remarks>
internal sealed class ProcessPauses : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private long _lastTick;
    private DateTimeOffset _lastDate;
    private long _pauses;

    public ProcessPauses(TimeProvider clock)
    {
        _clock = clock;
        (_lastTick, _lastDate) = (clock.GetTimestamp(), clock.GetUtcNow());
        _timer = clock.CreateTimer(static pauses => _ = ((ProcessPauses)pauses!).Count, this, Tick, Tick);
    }

    /// <summary>Pauses so far. A pause is counted as soon as the process runs again, whichever of its timers comes first.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
            {
                DateTimeOffset date = _clock.GetUtcNow();
                if (_clock.GetElapsedTime(_lastTick) >= Late || date - _lastDate >= Late)
                {
                    _pauses++;
                }

                (_lastTick, _lastDate) = (_clock.GetTimestamp(), date);
                return _pauses;
            }
        }
    }

    public void Dispose() => _timer.Dispose();
}
