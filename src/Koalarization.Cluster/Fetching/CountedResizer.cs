using Koalarization.Pipeline.Resizing;

namespace Koalarization.Cluster.Fetching;

/// <summary>Tells of each picture that was resized, before its files wait for the group that they are made durable with.</summary>
internal sealed class CountedResizer(IPictureResizer resizer, Action resized) : IPictureResizer
{
    public async ValueTask<ResizedPicture> ResizeAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation)
    {
        ResizedPicture picture = await resizer.ResizeAsync(jpeg, cancellation);
        if (picture.Refusal is null)
        {
            resized();
        }

        return picture;
    }
}
