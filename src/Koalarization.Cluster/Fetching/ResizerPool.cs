using Akka.Actor;
using Akka.Event;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Cluster.Fetching;

/// <summary>
/// Pictures that wait for one of the node's <see cref="ResizerActor"/>s, first come, first served. A picture stays here until a resizer takes it, so
/// that none is lost with a mailbox. Thread-safe.
/// </summary>
internal sealed class ResizerPool
{
    private readonly Lock _gate = new();
    private readonly Queue<Picture> _waiting = new();
    private readonly HashSet<IActorRef> _idle = [];
    private bool _isClosed;

    /// <summary>Has a picture resized on a resizer's thread.</summary>
    /// <param name="resizer">Resizes it.</param>
    /// <param name="jpeg">Its bytes; valid until the task is done.</param>
    /// <param name="cancellation">Ends the wait for a resizer, but not the work.</param>
    /// <exception cref="FetchingStoppedException">The pool is closed.</exception>
    public Task<ResizedPicture> ResizeAsync(InProcessResizer resizer, ReadOnlyMemory<byte> jpeg, CancellationToken cancellation)
    {
        var picture = new Picture(resizer, jpeg, cancellation);
        Add(picture);
        return picture.Result;
    }

    /// <summary>Adds a picture that waits, or waits again.</summary>
    public void Add(Picture picture)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                picture.Fail(new FetchingStoppedException());
                return;
            }

            _waiting.Enqueue(picture);
            if (_idle.FirstOrDefault() is { } resizer)
            {
                _idle.Remove(resizer);
                resizer.Tell(PictureWaiting.Instance);
            }
        }
    }

    /// <summary>The next picture for a resizer; null: none waits, and it is sent <see cref="PictureWaiting"/> when one comes.</summary>
    public Picture? Take(IActorRef resizer)
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out Picture? picture))
            {
                if (!picture.IsCancelled())
                {
                    return picture;
                }
            }

            _idle.Add(resizer);
            return null;
        }
    }

    /// <summary>A resizer takes no more pictures.</summary>
    public void Remove(IActorRef resizer)
    {
        lock (_gate)
        {
            _idle.Remove(resizer);
        }
    }

    /// <summary>Fails the pictures that wait, and those that come: no resizer is left.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_waiting.TryDequeue(out Picture? picture))
            {
                picture.Fail(new FetchingStoppedException());
            }
        }
    }

    /// <summary>A picture waits, to an idle resizer.</summary>
    public sealed class PictureWaiting : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static PictureWaiting Instance { get; } = new();
    }

    /// <summary>A picture to resize.</summary>
    public sealed class Picture(InProcessResizer resizer, ReadOnlyMemory<byte> jpeg, CancellationToken cancellation)
    {
        private readonly TaskCompletionSource<ResizedPicture> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ResizedPicture> Result => _result.Task;

        /// <summary>Resizers that it crashed.</summary>
        public int Crashes { get; set; }

        public void Resize() => _result.SetResult(resizer.Resize(jpeg.Span));

        public void Fail(Exception cause) => _result.TrySetException(cause);

        /// <summary>Whether no caller waits for it any more; then its task ends.</summary>
        public bool IsCancelled() => cancellation.IsCancellationRequested && _result.TrySetCanceled(cancellation);
    }
}
