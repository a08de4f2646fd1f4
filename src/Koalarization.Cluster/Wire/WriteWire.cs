using Koalarization.Cluster.Writing;
using static Koalarization.Cluster.Writing.WriteProtocol;

namespace Koalarization.Cluster.Wire;

/// <summary>Between <see cref="WriteProtocol"/> and write.proto.</summary>
internal static class WriteWire
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<WriteRecord, Proto.WriteRecord>("WR", ToWire, FromWire),
        WireEntry.Of<AbandonRecord, Proto.Record>("WA", message => message.Record.ToWire(), wire => new(wire.FromWire())),
        WireEntry.Of<RecordProgress, Proto.RecordProgress>("WP", ToWire, FromWire),
        WireEntry.Of<RecordCommitted, Proto.RecordCommitted>("WW", ToWire, FromWire),
        WireEntry.Of<RecordFailed, Proto.RecordFailed>("WF", ToWire, FromWire),
    ];

    private static Proto.WriteRecord ToWire(WriteRecord message) => new()
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

    private static WriteRecord FromWire(Proto.WriteRecord wire) => new(
        wire.Record.FromWire(), wire.Epoch.Count(), DataPath.Checked(wire.Data), wire.Round.Count(), wire.FirstSlice.Count(), wire.LastSlice.Count(), wire.Offset.Count(), wire.Count.Count());

    private static Proto.RecordProgress ToWire(RecordProgress message) => new()
    {
        Record = message.Record.ToWire(),
        Owner = message.Owner.Name,
        Embedded = message.Embedded,
        Count = message.Count,
    };

    private static RecordProgress FromWire(Proto.RecordProgress wire) => new(wire.Record.FromWire(), new NodeOwner(wire.Owner), wire.Embedded.Count(), wire.Count.Count());

    private static Proto.RecordCommitted ToWire(RecordCommitted message) => new()
    {
        Record = message.Record.ToWire(),
        Owner = message.Owner.Name,
        Pictures = message.Pictures,
        LeftOut = message.LeftOut,
        Bytes = message.Bytes,
        Sha256 = message.Sha256,
    };

    private static RecordCommitted FromWire(Proto.RecordCommitted wire) => new(
        wire.Record.FromWire(), new NodeOwner(wire.Owner), wire.Pictures.Count(), wire.LeftOut.Count(), wire.Bytes.Count(), wire.Sha256);

    private static Proto.RecordFailed ToWire(RecordFailed message) => new()
    {
        Record = message.Record.ToWire(),
        Owner = message.Owner.Name,
        Reason = WireText.Cut(message.Reason, RecordFailed.MaxReasonBytes),
        IsFinal = message.IsFinal,
        IsStoreFault = message.IsStoreFault,
    };

    private static RecordFailed FromWire(Proto.RecordFailed wire) => new(wire.Record.FromWire(), new NodeOwner(wire.Owner), wire.Reason, wire.IsFinal)
    {
        IsStoreFault = wire.IsStoreFault,
    };
}
