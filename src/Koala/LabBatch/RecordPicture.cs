using Koalarization.Dataset;
using Koalarization.Inception;

namespace Koalarization.Koala.LabBatch;

/// <summary>A picture that belongs to a record.</summary>
/// <param name="Record">The record.</param>
/// <param name="IsLast">Whether it is the record's last.</param>
/// <param name="Name">Its file name.</param>
/// <param name="Path">Where it is read.</param>
/// <param name="ImageName">How its record names it.</param>
/// <param name="Sha256">What its bytes' hash must be; null where that is not known.</param>
internal sealed record RecordPicture(int Record, bool IsLast, string Name, string Path, string ImageName, string? Sha256)
{
    /// <summary>No picture: the next one may be long in coming.</summary>
    public static RecordPicture Pause { get; } = new(-1, IsLast: false, "", "", "", Sha256: null);

    public bool IsPause => Record < 0;

    /// <summary>What a user can do when the picture is not as it should be.</summary>
    public string HowToMend(string fault) => Sha256 is null
        ? $"{fault}; put it back (or rename it, if its name is no UTF-8), or use --overwrite to begin anew with the pictures that are there."
        : $"{fault}; restore it from a copy (koala verify names all such files), and start again.";
}

/// <summary>A picture after reading: decoded, or left out with its reason.</summary>
internal sealed record ReadRecordPicture(RecordPicture Picture, PreparedPicture? Prepared, LeftOutPicture? LeftOut)
{
    /// <summary>The picture's place in its batch.</summary>
    public int Slot { get; set; } = -1;
}

/// <summary>What one run of the network is given, with the left-out pictures that lie between, so that order is kept.</summary>
/// <param name="Pictures">All pictures of this stretch.</param>
/// <param name="Names">The names of those that decoded.</param>
/// <param name="Gray">Their gray bytes, [N, 299, 299].</param>
internal sealed record RecordBatch(IReadOnlyList<ReadRecordPicture> Pictures, IReadOnlyList<string> Names, ReadOnlyMemory<byte> Gray);

/// <summary>Cuts a stream of pictures into full batches; a pause gives what there is. Not thread-safe.</summary>
internal sealed class RecordBatchAssembler(int batchSize)
{
    private List<ReadRecordPicture> _pictures = [];
    private List<string> _names = [];

    /// <summary>Takes the next picture in, and gives the batch that it completed, if any.</summary>
    public IEnumerable<RecordBatch> Add(ReadRecordPicture picture)
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

    private RecordBatch Take()
    {
        var gray = new byte[_names.Count * InceptionResNetV2Shape.PicturePixels];
        foreach (ReadRecordPicture picture in _pictures)
        {
            picture.Prepared?.Gray.CopyTo(gray.AsSpan(picture.Slot * InceptionResNetV2Shape.PicturePixels));
        }

        var batch = new RecordBatch(_pictures, _names, gray);
        (_pictures, _names) = ([], []);
        return batch;
    }
}
