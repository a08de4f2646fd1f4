namespace Koalarization.Cluster.Coordination;

/// <summary>The rate of a count over the last minute, and what follows for the rest. Not thread-safe.</summary>
internal sealed class RateWindow(TimeProvider time)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    // After less than that the rate is that of the start.
    private static readonly TimeSpan KnownAfter = TimeSpan.FromSeconds(15);

    private readonly Queue<(long At, long Count)> _samples = new();
    private (long At, long Count)? _last;
    private long _lastQueued;

    /// <summary>Items each second; null: it has not moved yet, or only once.</summary>
    public double? PerSecond => Span >= Spacing ? (_last!.Value.Count - _samples.Peek().Count) / Span.TotalSeconds : null;

    private TimeSpan Span => _samples.Count > 0 ? time.GetElapsedTime(_samples.Peek().At, _last!.Value.At) : TimeSpan.Zero;

    /// <summary>Tells the count as it is now.</summary>
    public void Add(long count)
    {
        long now = time.GetTimestamp();
        bool isLower = _last is (_, long before) && count < before;
        bool hasBegun = _last is (_, long first) && count > first;
        _last = (now, count);
        if (isLower)
        {
            // Work was lost with a node: the rate is measured from here.
            _samples.Clear();
        }
        else if (_samples.Count > 0 ? time.GetElapsedTime(_lastQueued, now) >= Spacing : hasBegun)
        {
            // Items come in groups: the first of them is where counting begins.
            _samples.Enqueue((now, count));
            _lastQueued = now;
            while (_samples.Count > 2 && time.GetElapsedTime(_samples.ElementAt(1).At, now) >= Length)
            {
                _samples.Dequeue();
            }
        }
    }

    /// <summary>Seconds until so many items more are done; null: that is not known well.</summary>
    public double? SecondsFor(long items) => items <= 0 ? 0 : Span >= KnownAfter && PerSecond is double rate and > 0 ? items / rate : null;
}
