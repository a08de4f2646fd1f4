namespace Koalarization.Checkpoints.Binary;

/// <summary>How a field's value is stored. The deprecated groups are not read.</summary>
internal enum ProtoWireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
