using static Koalarization.Cluster.WriteProtocol;

namespace Koalarization.Cluster;

/// <summary>Between <see cref="WriteProtocol"/> and write.proto.</summary>
internal static class WriteWire
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<WriteRecord, Wire.WriteRecord>("WR", ToWire, FromWire),
        WireEntry.Of<AbandonRecord, Wire.Record>("WA", message => message.Record.ToWire(), wire => new(wire.FromWire())),
        WireEntry.Of<RecordProgress, Wire.RecordProgress>("WP", ToWire, FromWire),
        WireEntry.Of<RecordWritten, Wire.RecordWritten>("WW", ToWire, FromWire),
        WireEntry.Of<RecordFailed, Wire.RecordFailed>("WF", ToWire, FromWire),
    ];

    private static Wire.WriteRecord ToWire(WriteRecord message) => new()
    {
        Record = message.Record.ToWire(),
        Epoch = message.Epoch,
        Data = message.Data,
        Round = message.Round,
        FirstSlice = message.FirstSlice,
        LastSlice = message.LastSlice,
        Offset = message.Offset,
        Count = message.Count,
    };

    private static WriteRecord FromWire(Wire.WriteRecord wire) => new(
        wire.Record.FromWire(), wire.Epoch, wire.Data, wire.Round, wire.FirstSlice, wire.LastSlice, wire.Offset, wire.Count);

    private static Wire.RecordProgress ToWire(RecordProgress message) => new()
    {
        Record = message.Record.ToWire(),
        Owner = message.Owner.Name,
        Embedded = message.Embedded,
        Count = message.Count,
    };

    private static RecordProgress FromWire(Wire.RecordProgress wire) => new(wire.Record.FromWire(), new NodeOwner(wire.Owner), wire.Embedded, wire.Count);

    private static Wire.RecordWritten ToWire(RecordWritten message) => new()
    {
        Record = message.Record.ToWire(),
        Owner = message.Owner.Name,
        Pictures = message.Pictures,
        LeftOut = message.LeftOut,
        Bytes = message.Bytes,
        Sha256 = message.Sha256,
    };

    private static RecordWritten FromWire(Wire.RecordWritten wire) => new(
        wire.Record.FromWire(), new NodeOwner(wire.Owner), wire.Pictures, wire.LeftOut, wire.Bytes, wire.Sha256);

    private static Wire.RecordFailed ToWire(RecordFailed message) => new()
    {
        Record = message.Record.ToWire(),
        Owner = message.Owner.Name,
        Reason = WireText.Cut(message.Reason, RecordFailed.MostReasonBytes),
        IsFinal = message.IsFinal,
    };

    private static RecordFailed FromWire(Wire.RecordFailed wire) => new(wire.Record.FromWire(), new NodeOwner(wire.Owner), wire.Reason, wire.IsFinal);
}
