namespace Koalarization.Harvest;

/// <summary>One host's places for one job and the links that wait for them, first come, first served. Guarded by the gate's lock.</summary>
internal sealed class HostQueue(IPlaceSource source, LinkHost host, IHostPlaces places) : IDisposable
{
    private readonly Queue<PlaceRequest> _waiting = new();
    private ITimer? _wakeUp;
    private int _count;

    public IPlaceSource Source => source;

    public LinkHost Host => host;

    public IHostPlaces Places => places;

    /// <summary>Links that wait.</summary>
    public int Waiting
    {
        get => _count;
        private set => places.Waits(_count = value);
    }

    /// <summary>Whether it stands in the row of hosts that may have something to start.</summary>
    public bool IsInRow { get; set; }

    /// <summary>Whether it was said that the host is given up.</summary>
    public bool IsSaidToBeGivenUp { get; set; }

    /// <summary>Whether it can be forgotten without anybody waiting for ever.</summary>
    public bool IsIdle(TimeSpan now) => Waiting == 0 && places.IsIdle(now) && _wakeUp is null;

    public void Add(PlaceRequest request)
    {
        _waiting.Enqueue(request);
        Waiting++;
    }

    /// <summary>Gives the next one that waits its answer; false when nobody does.</summary>
    public bool Answer(Admission admission)
    {
        while (_waiting.TryDequeue(out PlaceRequest? request))
        {
            if (request.TrySetResult(admission))
            {
                Waiting--;
                return true;
            }
        }

        return false;
    }

    /// <summary>One of those who wait gave up; it stays in the queue, to be passed over.</summary>
    public void GaveUp()
    {
        Waiting--;
        while (_waiting.TryPeek(out PlaceRequest? first) && first.Task.IsCompleted)
        {
            _waiting.Dequeue();
        }
    }

    /// <summary>Sends all who wait away.</summary>
    public void Close()
    {
        Sleep();
        while (_waiting.TryDequeue(out PlaceRequest? request))
        {
            request.TrySetException(new ObjectDisposedException(nameof(Harvester)));
        }
    }

    /// <summary>Calls back once after a while, unless it is going to already.</summary>
    public void WakeAfter(TimeSpan time, TimeProvider clock, Action<HostQueue> wake) =>
        _wakeUp ??= clock.CreateTimer(_ => wake(this), state: null, RoundedUp(time), Timeout.InfiniteTimeSpan);

    /// <summary>The timer is done, or no longer right.</summary>
    public void Sleep()
    {
        _wakeUp?.Dispose();
        _wakeUp = null;
    }

    public void Dispose() => Sleep();

    // Timers cut off parts of a millisecond, and would be early.
    private static TimeSpan RoundedUp(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}

/// <summary>A link's wait for a place at its host and a slot.</summary>
internal sealed class PlaceRequest() : TaskCompletionSource<Admission>(TaskCreationOptions.RunContinuationsAsynchronously);

/// <summary>How a wait ended: with a place, to be given back, or with the outcome of a link whose host is given up.</summary>
internal readonly record struct Admission(HostPlace Place, FetchOutcome? TurnedAway);

/// <summary>A place at a host, with a slot of the gate.</summary>
/// <param name="Queue">The host.</param>
/// <param name="Era">The host's era when it was taken.</param>
/// <param name="Moment">The alarm's moment when it was taken.</param>
/// <param name="Expiry">Cancels the request: it may not go on, and uses no try.</param>
internal readonly record struct HostPlace(HostQueue Queue, int Era, long Moment, CancellationToken Expiry);
