namespace Koalarization.Harvest.Fetching;

/// <summary>
/// The deadlines of one try that this library keeps itself: first byte and total. (The HTTP stack keeps the one for connecting,
/// <see cref="StallWatch"/> the body's rate.)
/// </summary>
internal sealed class FetchDeadlines : IDisposable
{
    private readonly CancellationTokenSource _total;
    private readonly CancellationTokenSource _firstByte;
    private readonly CancellationTokenSource _any;
    private readonly TimeSpan _firstByteTimeout;
    private readonly TimeProvider _clock;
    private TimeSpan _totalLeft;
    private long _totalRunsSince;

    public FetchDeadlines(FetchOptions options, TimeProvider clock, CancellationToken caller)
    {
        _clock = clock;
        _totalLeft = options.TotalTimeout;
        _totalRunsSince = clock.GetTimestamp();
        _total = new CancellationTokenSource(options.TotalTimeout, clock);
        _firstByte = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _firstByteTimeout = options.FirstByteTimeout;
        _any = CancellationTokenSource.CreateLinkedTokenSource(_total.Token, _firstByte.Token, caller);
    }

    /// <summary>Cancelled by the caller and by either deadline.</summary>
    public CancellationToken Token => _any.Token;

    public static FetchOutcome OutcomeOf(string which) => new(FetchOutcomeKind.Timeout, which, IsTransient: true);

    /// <summary>
    /// The request goes out now. Called by the HTTP stack, once more when it takes a fresh connection because the server had
    /// closed the old one.
    /// </summary>
    public void RequestSent() => _firstByte.CancelAfter(_firstByteTimeout);

    /// <summary>The answer's headers are here.</summary>
    public void ResponseStarted() => _firstByte.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Stops the total time: what follows is not the server's doing.</summary>
    public void Pause()
    {
        _totalLeft -= _clock.GetElapsedTime(_totalRunsSince);
        _total.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>The total time runs on.</summary>
    public void Resume()
    {
        _totalRunsSince = _clock.GetTimestamp();
        _total.CancelAfter(_totalLeft > TimeSpan.Zero ? _totalLeft : TimeSpan.Zero);
    }

    /// <summary>The outcome when a deadline has passed; null when none has.</summary>
    public FetchOutcome? Passed() =>
        _total.IsCancellationRequested ? OutcomeOf("total")
        : _firstByte.IsCancellationRequested ? OutcomeOf("first byte")
        : null;

    public void Dispose()
    {
        _any.Dispose();
        _firstByte.Dispose();
        _total.Dispose();
    }
}
