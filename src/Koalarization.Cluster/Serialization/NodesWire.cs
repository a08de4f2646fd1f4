using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Cluster;

/// <summary>Between what is said of nodes and its schema.</summary>
internal static class NodesWire
{
    public static Wire.NodeList ToWire(NodeList list)
    {
        var wire = new Wire.NodeList { Further = list.Further };
        wire.Nodes.AddEach(list.Nodes, ToWire);
        return wire;
    }

    public static NodeList FromWire(Wire.NodeList wire) => new(wire.Nodes.Each(FromWire), wire.Further);

    public static Wire.RegisterNode ToWire(RegisterNode card)
    {
        var wire = new Wire.RegisterNode { Owner = card.Owner.Name, Address = card.Address, Uid = card.Uid, CodecFingerprint = card.CodecFingerprint };
        wire.Roles.AddRange(card.Roles);
        wire.Networks.AddEach(card.Networks, IdsWire.ToWire);
        return wire;
    }

    public static RegisterNode FromWire(Wire.RegisterNode wire) => new()
    {
        Owner = new NodeOwner(wire.Owner),
        Address = wire.Address,
        Uid = wire.Uid,
        Roles = [.. wire.Roles],
        CodecFingerprint = wire.CodecFingerprint,
        Networks = wire.Networks.Each(IdsWire.FromWire),
    };

    private static Wire.NodeStatus ToWire(NodeStatus status)
    {
        var wire = new Wire.NodeStatus { Address = status.Address, State = status.State, Slices = status.Slices, Records = status.Records };
        wire.Roles.AddRange(status.Roles);
        if (status.Owner is string owner)
        {
            wire.Owner = owner;
        }

        if (status.Note is string note)
        {
            wire.Note = WireText.Cut(note, NodeStatus.MostNoteBytes);
        }

        return wire;
    }

    private static NodeStatus FromWire(Wire.NodeStatus wire) => new(
        wire.Address, [.. wire.Roles], wire.State, wire.HasOwner ? wire.Owner : null, wire.Slices, wire.Records, wire.HasNote ? wire.Note : null);
}
