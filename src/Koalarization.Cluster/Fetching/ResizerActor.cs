using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Fetching;

/// <summary>
/// Resizes one picture at a time, on a thread of its dispatcher. A picture that crashes it is given to the next one that is free, a few times.
/// </summary>
internal sealed class ResizerActor : ReceiveActor
{
    private const int MaxCrashes = 3;

    private readonly ResizerPool _pool;
    private readonly ILogger _logger;
    private ResizerPool.Picture? _picture;

    public ResizerActor(ResizerPool pool, ILogger logger)
    {
        _pool = pool;
        _logger = logger;
        Receive<ResizerPool.PictureWaiting>(_ => ResizeNext());
    }

    protected override void PreStart() => Self.Tell(ResizerPool.PictureWaiting.Instance);

    protected override void PreRestart(Exception reason, object message)
    {
        if (_picture is { } picture)
        {
            _picture = null;
            FetchLog.ResizerCrashed(_logger, ++picture.Crashes, reason);
            if (picture.Crashes < MaxCrashes)
            {
                _pool.Add(picture);
            }
            else
            {
                picture.Fail(reason);
            }
        }

        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _pool.Remove(Self);
        _picture?.Fail(new FetchingStoppedException());
    }

    // One picture for each message, so that a node that stops need not wait for all of them.
    private void ResizeNext()
    {
        _picture = _pool.Take(Self);
        if (_picture is not null)
        {
            long begin = TimeProvider.System.GetTimestamp();
            _picture.Resize();
            FetchInstruments.Resize.Record(TimeProvider.System.GetElapsedTime(begin).TotalSeconds);
            _picture = null;
            Self.Tell(ResizerPool.PictureWaiting.Instance);
        }
    }
}
