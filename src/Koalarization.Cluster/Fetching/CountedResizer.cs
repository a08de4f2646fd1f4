using Koalarization.Pipeline.Resizing;

namespace Koalarization.Cluster.Fetching;

/// <summary>Tells of each picture that was resized, and how long it took, before its files wait for the group that they are made durable with.</summary>
internal sealed class CountedResizer(IPictureResizer resizer, Action<TimeSpan> resized) : IPictureResizer
{
    public async ValueTask<ResizedPicture> ResizeAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation)
    {
        long begin = TimeProvider.System.GetTimestamp();
        ResizedPicture picture = await resizer.ResizeAsync(jpeg, cancellation);
        if (picture.Refusal is null)
        {
            resized(TimeProvider.System.GetElapsedTime(begin));
        }

        return picture;
    }
}
