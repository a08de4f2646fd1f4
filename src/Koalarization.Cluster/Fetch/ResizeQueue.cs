using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>Pictures that wait for a resizer, first come, first served, and resizers that wait for a picture. Thread-safe.</summary>
internal sealed class ResizeQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<FitPicture> _pictures = new();
    private readonly Queue<IActorRef> _resizers = new();
    private bool _isClosed;

    /// <summary>A picture comes.</summary>
    public void Add(FitPicture picture)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                picture.TrySetException(new FetchingStoppedException());
            }
            else if (_resizers.TryDequeue(out IActorRef? resizer))
            {
                resizer.Tell(picture);
            }
            else
            {
                _pictures.Enqueue(picture);
            }
        }
    }

    /// <summary>A resizer is free: it is told the next picture, now or when one comes.</summary>
    public void Next(IActorRef resizer)
    {
        lock (_gate)
        {
            while (_pictures.TryDequeue(out FitPicture? picture))
            {
                if (picture.Cancellation.IsCancellationRequested)
                {
                    picture.TrySetCanceled(picture.Cancellation);
                    continue;
                }

                resizer.Tell(picture);
                return;
            }

            _resizers.Enqueue(resizer);
        }
    }

    /// <summary>There are no resizers any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_pictures.TryDequeue(out FitPicture? picture))
            {
                picture.TrySetException(new FetchingStoppedException());
            }
        }
    }
}

/// <summary>A picture to fit. Its task is the answer.</summary>
/// <param name="fitter">Fits it, on the resizer's thread.</param>
/// <param name="jpeg">Its bytes; good until the task is done.</param>
/// <param name="cancellation">Ends the wait for a resizer, but not the work.</param>
internal sealed class FitPicture(CoreFitter fitter, ReadOnlyMemory<byte> jpeg, CancellationToken cancellation)
    : TaskCompletionSource<FittedPicture>(TaskCreationOptions.RunContinuationsAsynchronously), INoSerializationVerificationNeeded
{
    /// <summary>Resizers that it crashed.</summary>
    public int Crashes { get; set; }

    public CancellationToken Cancellation => cancellation;

    public FittedPicture Fit() => fitter.Fit(jpeg.Span);
}

/// <summary>Has pictures fitted by the node's resizers.</summary>
internal sealed class ResizerFitter(ResizeQueue queue, CoreFitter fitter) : IPictureFitter
{
    public ValueTask<FittedPicture> FitAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation)
    {
        var picture = new FitPicture(fitter, jpeg, cancellation);
        queue.Add(picture);
        return new ValueTask<FittedPicture>(picture.Task);
    }
}
