using Koalarization.Cluster.Fetching;
using static Koalarization.Cluster.Fetching.FetchProtocol;

namespace Koalarization.Cluster.Wire;

/// <summary>Between <see cref="FetchProtocol"/> and fetch.proto.</summary>
internal static class FetchWire
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<RequestSlices, Proto.RequestSlices>("FR", SlicesWire.ToWire, SlicesWire.FromWire),
        WireEntry.Of<SliceLeased, Proto.SliceLeased>("FL", SlicesWire.ToWire, SlicesWire.FromWire),
        WireEntry.Of<SliceRecalled, Proto.Slice>("FC", message => message.Slice.ToWire(), wire => new(wire.FromWire())),
        WireEntry.Of<SliceResolved, Proto.SliceResolved>("FS", SlicesWire.ToWire, SlicesWire.FromWire),
        WireEntry.Of<SliceAcknowledged, Proto.Slice>("FN", message => message.Slice.ToWire(), wire => new(wire.FromWire())),
        WireEntry.Of<SliceHandedBack, Proto.SliceHandedBack>("FB", SlicesWire.ToWire, SlicesWire.FromWire),
        WireEntry.Of<ReportHostUsage, Proto.ReportHostUsage>("FQ", HostsWire.ToWire, HostsWire.FromWire),
        WireEntry.Of<HostPermitsGranted, Proto.HostPermitsGranted>("FG", HostsWire.ToWire, HostsWire.FromWire),
    ];
}
