using Koalarization.Pipeline.Resizing;

namespace Koalarization.Cluster.Fetching;

/// <summary>Has pictures resized by the node's resizers.</summary>
internal sealed class PooledResizer(ResizerPool pool, InProcessResizer resizer) : IPictureResizer
{
    public ValueTask<ResizedPicture> ResizeAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation) =>
        new(pool.ResizeAsync(resizer, jpeg, cancellation));
}
