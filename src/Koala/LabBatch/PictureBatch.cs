using Koalarization.Dataset;
using Koalarization.Inception;

namespace Koalarization.Koala.LabBatch;

/// <summary>A picture after reading: decoded, or left out with its reason.</summary>
internal sealed record ReadPicture(RecordPicture Picture, PreparedPicture? Prepared, LeftOutPicture? LeftOut)
{
    /// <summary>The picture's place in its batch.</summary>
    public int Slot { get; set; } = -1;
}

/// <summary>What one run of the network is given, with the left-out pictures that lie between, so that order is kept.</summary>
/// <param name="Pictures">All pictures of this stretch.</param>
/// <param name="Names">The names of those that decoded.</param>
/// <param name="Gray">Their gray bytes, [N, 299, 299].</param>
internal sealed record PictureBatch(IReadOnlyList<ReadPicture> Pictures, IReadOnlyList<string> Names, ReadOnlyMemory<byte> Gray);

/// <summary>Cuts a stream of pictures into full batches; a pause gives what there is. Not thread-safe.</summary>
internal sealed class BatchAssembler(int batchSize)
{
    private List<ReadPicture> _pictures = [];
    private List<string> _names = [];

    /// <summary>Takes the next picture in, and gives the batch that it completed, if any.</summary>
    public IEnumerable<PictureBatch> Add(ReadPicture picture)
    {
        if (picture.Picture.IsPause)
        {
            return _pictures.Count > 0 ? [Take()] : [];
        }

        _pictures.Add(picture);
        if (picture.Prepared is not null)
        {
            picture.Slot = _names.Count;
            _names.Add(picture.Picture.Name);
        }

        // Left-out pictures cost nothing, but a stretch of them must not pile up either.
        return _names.Count == batchSize || _pictures.Count >= 16 * batchSize ? [Take()] : [];
    }

    private PictureBatch Take()
    {
        var gray = new byte[_names.Count * InceptionResNetV2Shape.PicturePixels];
        foreach (ReadPicture picture in _pictures)
        {
            picture.Prepared?.Gray.CopyTo(gray.AsSpan(picture.Slot * InceptionResNetV2Shape.PicturePixels));
        }

        var batch = new PictureBatch(_pictures, _names, gray);
        (_pictures, _names) = ([], []);
        return batch;
    }
}
