using static Koalarization.Cluster.FetchProtocol;

namespace Koalarization.Cluster;

/// <summary>Between <see cref="FetchProtocol"/> and fetch.proto.</summary>
internal static class FetchWire
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<RequestSlices, Wire.RequestSlices>("FR", SlicesWire.ToWire, SlicesWire.FromWire),
        WireEntry.Of<SliceLeased, Wire.SliceLeased>("FL", SlicesWire.ToWire, SlicesWire.FromWire),
        WireEntry.Of<SliceRecalled, Wire.Slice>("FC", message => message.Slice.ToWire(), wire => new(wire.FromWire())),
        WireEntry.Of<SliceResolved, Wire.SliceResolved>("FS", SlicesWire.ToWire, SlicesWire.FromWire),
        WireEntry.Of<SliceNoted, Wire.Slice>("FN", message => message.Slice.ToWire(), wire => new(wire.FromWire())),
        WireEntry.Of<SliceHandedBack, Wire.SliceHandedBack>("FB", SlicesWire.ToWire, SlicesWire.FromWire),
        WireEntry.Of<ReportHostUsage, Wire.ReportHostUsage>("FQ", HostsWire.ToWire, HostsWire.FromWire),
        WireEntry.Of<HostPermitsGranted, Wire.HostPermitsGranted>("FG", HostsWire.ToWire, HostsWire.FromWire),
    ];
}
