using System.Collections.Concurrent;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Pipeline.Records;

/// <summary>A picture as its record takes it: its Example, or the reason why there is none.</summary>
public sealed class RecordEntry
{
    private readonly LabExampleBuffer? _example;
    private readonly PictureColours? _colours;
    private readonly ConcurrentBag<LabExampleBuffer>? _freeBuffers;

    internal RecordEntry(LabExampleBuffer example, PictureColours colours, ConcurrentBag<LabExampleBuffer> freeBuffers) =>
        (_example, _colours, _freeBuffers) = (example, colours, freeBuffers);

    private RecordEntry(LeftOutPicture leftOut) => LeftOut = leftOut;

    /// <summary>Why the record does not have the picture; null when it has.</summary>
    public LeftOutPicture? LeftOut { get; }

    /// <summary>A picture that has no Example.</summary>
    public static RecordEntry Without(LeftOutPicture leftOut) => new(leftOut);

    /// <summary>Adds the picture to its record, once; the Example's buffer is used again for another picture.</summary>
    public void AddTo(RecordAssembler record)
    {
        if (LeftOut is not null)
        {
            record.LeaveOut(LeftOut);
            return;
        }

        record.Append(_example!.Record.Span, _colours!);
        _freeBuffers!.Add(_example);
    }

    /// <summary>Appends the picture's Example to a file, once; the Example's buffer is used again for another picture.</summary>
    public void AddTo(TFRecordWriter file)
    {
        file.Append(_example!.Record.Span);
        _freeBuffers!.Add(_example);
    }
}
