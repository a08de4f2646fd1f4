using Koalarization.Records;

namespace Koalarization.Dataset;

/// <summary>
/// Writes a plan's records one after the other: pictures come in plan order, a record is committed when the first picture of a later one comes.
/// Not thread-safe.
/// </summary>
public sealed class RecordSequence(RecordSet records, RecordCompression compression, string key) : IDisposable
{
    private readonly List<LeftOutPicture> _leftOut = [];
    private RecordFile? _open;
    private int _number = -1;

    /// <summary>Appends the Example of the next picture.</summary>
    /// <returns>The manifest of the record that this picture ended, or null.</returns>
    public RecordManifest? Append(int record, ReadOnlySpan<byte> example, PictureColours colours)
    {
        RecordManifest? ended = GoTo(record);
        _open!.Append(example, colours);
        return ended;
    }

    /// <summary>Notes that the next picture is in no record.</summary>
    /// <returns>The manifest of the record that this picture ended, or null.</returns>
    public RecordManifest? LeaveOut(int record, LeftOutPicture picture)
    {
        RecordManifest? ended = GoTo(record);
        _leftOut.Add(picture);
        return ended;
    }

    /// <summary>Commits the last record.</summary>
    public RecordManifest? Complete()
    {
        if (_open is null)
        {
            return null;
        }

        RecordManifest manifest = _open.Commit(key, [.. _leftOut]);
        _open.Dispose();
        _open = null;
        _leftOut.Clear();
        return manifest;
    }

    /// <summary>Drops the record that is not committed.</summary>
    public void Dispose() => _open?.Dispose();

    private RecordManifest? GoTo(int record)
    {
        if (record == _number)
        {
            return null;
        }

        RecordManifest? ended = Complete();
        _open = records.NewRecord(record, compression);
        _number = record;
        return ended;
    }
}
