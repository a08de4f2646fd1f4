using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Inception;

namespace Koalarization.Koala.LabBatch;

/// <summary>A picture of a folder's plan.</summary>
/// <param name="Record">The record that it belongs to.</param>
/// <param name="IsLast">Whether it is the record's last.</param>
/// <param name="Name">Its file name.</param>
internal sealed record PlannedPicture(int Record, bool IsLast, string Name);

/// <summary>A picture after reading: decoded, or left out with its reason.</summary>
internal sealed record ReadPicture(PlannedPicture Picture, PreparedPicture? Prepared, LeftOutPicture? LeftOut)
{
    /// <summary>Follows the last picture, and completes the last batch.</summary>
    public static ReadPicture End { get; } = new(new PlannedPicture(-1, IsLast: false, ""), Prepared: null, LeftOut: null);

    /// <summary>The picture's index in its batch.</summary>
    public int Slot { get; set; } = -1;
}

/// <summary>The pictures of one run of the network, with the left-out pictures between them, so that order is kept.</summary>
/// <param name="Pictures">All pictures, in order.</param>
/// <param name="Names">The names of those that decoded.</param>
/// <param name="Gray">Their gray bytes, [N, 299, 299].</param>
internal sealed record InferenceBatch(IReadOnlyList<ReadPicture> Pictures, IReadOnlyList<string> Names, ReadOnlyMemory<byte> Gray);

/// <summary>Cuts a stream of pictures into full batches; <see cref="ReadPicture.End"/> completes the last. Not thread-safe.</summary>
internal sealed class InferenceBatches(int batchSize)
{
    private List<ReadPicture> _pictures = [];
    private List<string> _names = [];

    /// <summary>Adds the next picture and returns the batch that it completed, if any.</summary>
    public IEnumerable<InferenceBatch> Add(ReadPicture picture)
    {
        if (ReferenceEquals(picture, ReadPicture.End))
        {
            return _pictures.Count > 0 ? [Take()] : [];
        }

        _pictures.Add(picture);
        if (picture.Prepared is not null)
        {
            picture.Slot = _names.Count;
            _names.Add(picture.Picture.Name);
        }

        // Left-out pictures take no room in a batch, but must not accumulate without a limit either.
        return _names.Count == batchSize || _pictures.Count >= 16 * batchSize ? [Take()] : [];
    }

    private InferenceBatch Take()
    {
        var gray = new byte[_names.Count * InceptionResNetV2Shape.PicturePixels];
        foreach (ReadPicture picture in _pictures)
        {
            picture.Prepared?.WriteGray(gray.AsSpan(picture.Slot * InceptionResNetV2Shape.PicturePixels, InceptionResNetV2Shape.PicturePixels));
        }

        var batch = new InferenceBatch(_pictures, _names, gray);
        (_pictures, _names) = ([], []);
        return batch;
    }
}
