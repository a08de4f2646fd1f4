using static Koalarization.Cluster.Coordination.JobsProtocol;

namespace Koalarization.Cluster.Wire;

/// <summary>Converts messages about nodes to and from their schema.</summary>
internal static class NodesWire
{
    public static Proto.NodeList ToWire(NodeList list)
    {
        var wire = new Proto.NodeList { Further = list.Further };
        wire.Nodes.AddEach(list.Nodes, ToWire);
        return wire;
    }

    public static NodeList FromWire(Proto.NodeList wire) => new(wire.Nodes.Each(FromWire), wire.Further);

    public static Proto.RegisterNode ToWire(RegisterNode node)
    {
        var wire = new Proto.RegisterNode { Owner = node.Owner.Name, Address = node.Address, Uid = node.Uid, CodecFingerprint = node.CodecFingerprint };
        wire.Roles.AddRange(node.Roles);
        wire.Networks.AddEach(node.Networks, IdsWire.ToWire);
        return wire;
    }

    public static RegisterNode FromWire(Proto.RegisterNode wire) => new()
    {
        Owner = new NodeOwner(wire.Owner),
        Address = wire.Address,
        Uid = wire.Uid,
        Roles = [.. wire.Roles],
        CodecFingerprint = wire.CodecFingerprint,
        Networks = wire.Networks.Each(IdsWire.FromWire),
    };

    private static Proto.NodeStatus ToWire(NodeStatus status)
    {
        var wire = new Proto.NodeStatus { Address = status.Address, State = status.State, Slices = status.Slices, Records = status.Records };
        wire.Roles.AddRange(status.Roles);
        if (status.Owner is string owner)
        {
            wire.Owner = owner;
        }

        if (status.Note is string note)
        {
            wire.Note = WireText.Cut(note, NodeStatus.MaxNoteBytes);
        }

        return wire;
    }

    private static NodeStatus FromWire(Proto.NodeStatus wire) => new(
        wire.Address, [.. wire.Roles], wire.State, wire.HasOwner ? wire.Owner : null, wire.Slices, wire.Records, wire.HasNote ? wire.Note : null);
}
