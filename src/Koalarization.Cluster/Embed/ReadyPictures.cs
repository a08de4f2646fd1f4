namespace Koalarization.Cluster;

/// <summary>Decoded pictures, in the order in which they were asked for. One thread at a time.</summary>
internal sealed class ReadyPictures
{
    private readonly SortedDictionary<long, PictureInWork> _pictures = [];

    public int Count => _pictures.Count;

    public void Add(PictureInWork picture) => _pictures.Add(picture.Arrival, picture);

    /// <summary>How long the first one has been here.</summary>
    public TimeSpan Waited(TimeSpan now) => _pictures.Count == 0 ? TimeSpan.Zero : now - _pictures.First().Value.ReadyAt;

    /// <summary>Takes the first ones out.</summary>
    public IReadOnlyList<PictureInWork> Take(int count)
    {
        PictureInWork[] taken = [.. _pictures.Values.Take(count)];
        foreach (PictureInWork picture in taken)
        {
            _pictures.Remove(picture.Arrival);
        }

        return taken;
    }

    /// <summary>Takes out what belongs to a request.</summary>
    public void Drop(RequestInWork request)
    {
        foreach (PictureInWork picture in _pictures.Values.Where(picture => picture.Request == request).ToArray())
        {
            _pictures.Remove(picture.Arrival);
            picture.Release();
        }
    }
}
