using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Hosts;

/// <summary>The limit of a host that only this process asks: as <see cref="HostState"/> has it.</summary>
internal sealed class LocalHostLimit(int? limit, RetryOptions retry) : IHostLimit
{
    private HostState _state = HostState.New(limit);

    public int Generation => _state.Generation;

    public int InFlight => _state.InFlight;

    public int? MaxInFlight => _state.Limit is null ? null : _state.MaxInFlight;

    public TimeSpan PausedUntil => _state.PausedUntil;

    public bool IsGivenUp => _state.IsGivenUp;

    public FetchOutcome Rejection => _state.Rejection;

    public CancellationToken Expiry => CancellationToken.None;

    public bool IsAsNew => _state.IsAsNew;

    public bool CanTake(TimeSpan now) => _state.CanTake(now);

    public bool Rejects(TimeSpan now) => _state.Rejects(now);

    public bool IsIdle(TimeSpan now) => _state.InFlight == 0 && now >= _state.PausedUntil && now >= _state.ProbeAt;

    public void Waits(int links)
    {
        // No other node competes for the host.
    }

    public void Take() => _state = _state.Taken();

    public void Return(FetchOutcome? outcome, int generation, TimeSpan now) =>
        _state = outcome is null ? _state.Cancelled() : _state.Returned(outcome, generation, now, retry);
}

/// <summary>Hosts begin with the limit of the options; this machine's own servers have none.</summary>
internal sealed class LocalHostLimitSource(DownloadOptions options) : IHostLimitSource
{
    public IHostLimit Open(LinkHost host) => new LocalHostLimit(host.IsLoopback ? null : options.HostLimit, options.Retry);
}
