using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

/// <summary>
/// Decodes and fits one picture at a time, on a thread of its dispatcher. A picture that crashes it is given to the next one that is free, a few times.
/// </summary>
internal sealed class ResizerActor : ReceiveActor
{
    private const int MaxCrashes = 3;

    private readonly ResizeQueue _queue;
    private readonly ILogger _logger;
    private FitPicture? _inHand;

    public ResizerActor(ResizeQueue queue, ILogger logger)
    {
        _queue = queue;
        _logger = logger;
        Receive<FitPicture>(Fit);
    }

    protected override void PreStart() => _queue.Next(Self);

    protected override void PreRestart(Exception reason, object message)
    {
        if (_inHand is { } picture)
        {
            _inHand = null;
            FetchLog.ResizerCrashed(_logger, ++picture.Crashes, reason);
            if (picture.Crashes < MaxCrashes)
            {
                _queue.Add(picture);
            }
            else
            {
                picture.TrySetException(reason);
            }
        }

        base.PreRestart(reason, message);
    }

    protected override void PostStop() => _inHand?.TrySetException(new FetchingStoppedException());

    private void Fit(FitPicture picture)
    {
        _inHand = picture;
        picture.TrySetResult(picture.Fit());
        _inHand = null;
        _queue.Next(Self);
    }
}
