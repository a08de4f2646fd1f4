using Koalarization.Dataset;
using Koalarization.Koala.Reporting;
using Koalarization.Records;

namespace Koalarization.Koala.LabBatch;

/// <summary>Puts Examples into the record that they belong to, and commits it with its last picture. One thread at a time.</summary>
/// <param name="step">The step that pictures are left out by.</param>
/// <param name="set">Where records go.</param>
/// <param name="compression">How they are compressed.</param>
/// <param name="key">The pipeline key.</param>
/// <param name="reporter">Is told of records, and of pictures that are left out.</param>
/// <param name="meter">Counts pictures.</param>
internal sealed class RecordSink(string step, RecordSet set, RecordCompression compression, string key, IReporter reporter, ProgressMeter meter) : IDisposable
{
    private readonly List<LeftOutPicture> _leftOut = [];
    private RecordFile? _open;

    /// <summary>Whether every picture is named when it is written.</summary>
    public bool Verbose { get; init; }

    /// <summary>Says of which survivors a record is made, where it is part of a round.</summary>
    public Func<int, RecordOrigin?> OriginOf { get; init; } = _ => null;

    /// <summary>Is told of each record that stands.</summary>
    public required Action<RecordManifest> Written { get; init; }

    /// <summary>The next picture's Example; its bytes are free again when this returns.</summary>
    public void Append(RecordPicture picture, ReadOnlySpan<byte> example, PictureColours colours)
    {
        Open(picture).Append(example, colours);
        if (Verbose)
        {
            reporter.Say(new PictureWritten(picture.Name, new RecordName(picture.Record).ToString()));
        }

        End(picture);
    }

    /// <summary>The next picture is in no record.</summary>
    public void LeaveOut(RecordPicture picture, LeftOutPicture leftOut)
    {
        Open(picture);
        _leftOut.Add(leftOut);
        reporter.Say(new LeftOut(step, leftOut.Name, leftOut.Reason, leftOut.Detail));
        End(picture);
    }

    /// <summary>Drops the record that is not committed.</summary>
    public void Dispose() => _open?.Dispose();

    private RecordFile Open(RecordPicture picture) => _open ??= set.NewRecord(picture.Record, compression);

    private void End(RecordPicture picture)
    {
        meter.Advance();
        if (!picture.IsLast)
        {
            return;
        }

        RecordManifest manifest = _open!.Commit(key, [.. _leftOut], OriginOf(picture.Record));
        _open.Dispose();
        _open = null;
        _leftOut.Clear();
        Written(manifest);
        reporter.Say(new RecordWritten(new RecordName(manifest.Record).ToString(), manifest.Pictures, manifest.Bytes, manifest.Sha256));
    }
}
