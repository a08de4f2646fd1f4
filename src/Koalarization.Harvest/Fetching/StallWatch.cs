namespace Koalarization.Harvest.Fetching;

/// <summary>
/// Watches a body arrive: <see cref="Token"/> is cancelled when, over any window, fewer bytes came than the rate asks for.
/// "Any" is judged at five points of a window.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private const int PointsPerWindow = 5;

    private readonly CancellationTokenSource _stalled = new();
    private readonly long[] _totals = new long[PointsPerWindow];
    private readonly long _leastPerWindow;
    private readonly ITimer _timer;
    private long _total;
    private int _points;
    private bool _paused;

    public StallWatch(TimeSpan window, int minimumBytesPerSecond, TimeProvider clock)
    {
        _leastPerWindow = (long)(window.TotalSeconds * minimumBytesPerSecond);
        TimeSpan step = window / PointsPerWindow;
        _timer = clock.CreateTimer(static watch => ((StallWatch)watch!).Judge(), this, step, step);
    }

    public CancellationToken Token => _stalled.Token;

    public void Received(int bytes) => Interlocked.Add(ref _total, bytes);

    /// <summary>No reader: nothing is judged.</summary>
    public void Pause()
    {
        lock (_totals)
        {
            _paused = true;
        }
    }

    /// <summary>Reading continues, and a window begins.</summary>
    public void Resume()
    {
        lock (_totals)
        {
            _paused = false;
            _points = 0;
            Array.Fill(_totals, Interlocked.Read(ref _total));
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stalled.Dispose();
    }

    private void Judge()
    {
        long total = Interlocked.Read(ref _total);
        lock (_totals)
        {
            if (_paused)
            {
                return;
            }

            // The slot holds the total of one window ago, 0 at the first window's end; before that nothing is judged.
            int slot = _points % PointsPerWindow;
            long before = _totals[slot];
            _totals[slot] = total;
            _points++;
            if (_points < PointsPerWindow || total - before >= _leastPerWindow)
            {
                return;
            }
        }

        try
        {
            _stalled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The body ended while the timer fired.
        }
    }
}
