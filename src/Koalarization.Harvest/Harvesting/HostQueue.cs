namespace Koalarization.Harvest;

/// <summary>One host's state and the links that wait for it, first come, first served. Guarded by the harvester's lock.</summary>
internal sealed class HostQueue(LinkHost host, HostState state) : IDisposable
{
    private ITimer? _wakeUp;

    public LinkHost Host => host;

    public HostState State { get; set; } = state;

    public Queue<PlaceRequest> Waiting { get; } = new();

    /// <summary>Whether it stands in the row of hosts that may have something to start.</summary>
    public bool IsInRow { get; set; }

    /// <summary>Whether it can be forgotten without anybody waiting for ever.</summary>
    public bool IsIdle(TimeSpan now) => Waiting.Count == 0 && State.InFlight == 0 && now >= State.PausedUntil && now >= State.ProbeAt && _wakeUp is null;

    /// <summary>Whether it was said that the host is given up.</summary>
    public bool IsSaidToBeGivenUp { get; set; }

    /// <summary>Drops those who gave up waiting, as far as they stand at the front.</summary>
    public bool HasWaiting()
    {
        while (Waiting.TryPeek(out PlaceRequest? first) && first.Task.IsCompleted)
        {
            Waiting.Dequeue();
        }

        return Waiting.Count > 0;
    }

    /// <summary>Calls back once after a while, unless it is going to already.</summary>
    public void WakeAfter(TimeSpan time, TimeProvider clock, Action<HostQueue> wake) =>
        _wakeUp ??= clock.CreateTimer(_ => wake(this), state: null, RoundedUp(time), Timeout.InfiniteTimeSpan);

    /// <summary>The timer is done.</summary>
    public void Dispose()
    {
        _wakeUp?.Dispose();
        _wakeUp = null;
    }

    // Timers cut off parts of a millisecond, and would be early.
    private static TimeSpan RoundedUp(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}

/// <summary>A link's wait for a place at its host and a slot; it is told the outcome instead when the host is given up.</summary>
internal sealed class PlaceRequest() : TaskCompletionSource<(HostPlace Place, FetchOutcome? TurnedAway)>(TaskCreationOptions.RunContinuationsAsynchronously);

/// <summary>A place at a host, with a slot of the harvester.</summary>
/// <param name="Queue">The host.</param>
/// <param name="Era">The host's era when it was taken.</param>
/// <param name="Moment">The alarm's moment when it was taken.</param>
internal readonly record struct HostPlace(HostQueue Queue, int Era, long Moment);
