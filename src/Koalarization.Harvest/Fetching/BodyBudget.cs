namespace Koalarization.Harvest.Fetching;

/// <summary>
/// Bounds the memory of all bodies together, from a body's first buffer until it is disposed of. Who does not fit waits, first come, first
/// served. Thread-safe.
/// </summary>
/// <remarks>
/// Bodies that all wait for each other's memory would wait for ever. So whenever a body would have to wait and none is exempt, one is: it gets
/// whatever it asks for until it is disposed of. The bound is therefore the budget and one body more, provided that the owners of bodies do
/// not keep them until others have come.
/// </remarks>
internal sealed class BodyBudget(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<Request> _waiting = new();
    private BodyShare? _exempt;
    private long _taken;

    /// <summary>Bytes taken now.</summary>
    public long Taken
    {
        get
        {
            lock (_gate)
            {
                return _taken;
            }
        }
    }

    /// <summary>Who waits now, cancelled ones included.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>A share for one body, empty yet.</summary>
    public BodyShare Open() => new(this);

    internal bool TryTake(BodyShare share, int bytes)
    {
        lock (_gate)
        {
            // Others that wait do not hold up the exempt one: they wait for it.
            if ((_waiting.Count > 0 && _exempt != share) || !Fits(share, bytes))
            {
                return false;
            }

            Grant(share, bytes);
            return true;
        }
    }

    internal Task TakeAsync(BodyShare share, int bytes, CancellationToken cancellationToken)
    {
        Request request;
        lock (_gate)
        {
            if (TryTake(share, bytes))
            {
                return Task.CompletedTask;
            }

            request = new Request(share, bytes);
            _waiting.Enqueue(request);
            ServeWaiting();
        }

        request.CancelWith(cancellationToken);
        return request.Task;
    }

    internal void Return(BodyShare share, int bytes)
    {
        lock (_gate)
        {
            share.Bytes -= bytes;
            _taken -= bytes;
            ServeWaiting();
        }
    }

    internal void Close(BodyShare share)
    {
        lock (_gate)
        {
            _taken -= share.Bytes;
            share.Bytes = 0;
            _exempt = _exempt == share ? null : _exempt;
            ServeWaiting();
        }
    }

    private void ServeWaiting()
    {
        while (_waiting.TryPeek(out Request? next))
        {
            if (!next.Task.IsCanceled)
            {
                if (!Fits(next.Share, next.Bytes))
                {
                    return;
                }

                if (next.TrySetResult())
                {
                    Grant(next.Share, next.Bytes);
                    next.Unregister();
                }
            }

            _waiting.Dequeue();
        }
    }

    private bool Fits(BodyShare share, int bytes) => _taken + bytes <= maxBytes || _exempt is null || _exempt == share;

    private void Grant(BodyShare share, int bytes)
    {
        _taken += bytes;
        share.Bytes += bytes;
        if (_taken > maxBytes)
        {
            _exempt ??= share;
        }
    }

    private sealed class Request(BodyShare share, int bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private CancellationTokenRegistration _registration;

        public BodyShare Share => share;

        public int Bytes => bytes;

        public void CancelWith(CancellationToken cancellationToken)
        {
            _registration = cancellationToken.UnsafeRegister(static (state, token) => ((Request)state!).TrySetCanceled(token), this);
            if (Task.IsCompleted)
            {
                Unregister();
            }
        }

        public void Unregister() => _registration.Unregister();
    }
}

/// <summary>What one body has of the budget.</summary>
internal sealed class BodyShare(BodyBudget budget) : IDisposable
{
    /// <summary>Bytes taken; the budget's to read and write, under its lock.</summary>
    public int Bytes { get; set; }

    /// <summary>Takes more if there is room now.</summary>
    public bool TryTake(int bytes) => budget.TryTake(this, bytes);

    /// <summary>Takes more; waits until there is room.</summary>
    public Task TakeAsync(int bytes, CancellationToken cancellationToken) => budget.TakeAsync(this, bytes, cancellationToken);

    /// <summary>Gives a part back.</summary>
    public void Return(int bytes) => budget.Return(this, bytes);

    /// <summary>Gives everything back.</summary>
    public void Dispose() => budget.Close(this);
}
