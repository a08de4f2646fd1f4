using Koalarization.Dataset;
using Koalarization.Records;

namespace Koalarization.Cluster;

/// <summary>A record's file while pictures come to it; what ends early leaves nothing. Thread-safe: what is still at work when it ends is told so.</summary>
internal sealed class RecordDraft(OpenRecord record, int number) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RecordFile _file = record.Set.NewRecord(number, record.Compression);
    private readonly List<LeftOutPicture> _leftOut = [];
    private bool _ended;

    /// <summary>The next picture.</summary>
    public void Append(LabExampleBuffer example, PictureColours colours)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            _file.Append(example.Record.Span, colours);
        }
    }

    /// <summary>The next picture is in no record.</summary>
    public void LeaveOut(LeftOutPicture picture)
    {
        lock (_gate)
        {
            _leftOut.Add(picture);
        }
    }

    /// <summary>Makes it the record, unless another is already.</summary>
    public RecordManifest Commit(RecordOrigin origin)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            return _file.Commit(record.Network.KeyWith(record.Job), [.. _leftOut], origin);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _file.Dispose();
        }
    }
}
