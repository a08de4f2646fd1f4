using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tensors;

namespace Koalarization.Checkpoints.V2;

/// <summary>What the index says about a tensor or one slice of it (BundleEntryProto).</summary>
internal sealed record BundleEntry(
    TensorElementType Type,
    TensorShape Shape,
    int Shard,
    long OffsetBytes,
    long SizeBytes,
    uint MaskedCrc,
    IReadOnlyList<TensorSlice> Slices,
    Origin Origin)
{
    public static BundleEntry Parse(ProtoReader entry)
    {
        Origin origin = entry.Here;
        var type = TensorElementType.Invalid;
        TensorShape shape = TensorShape.Scalar;
        int shard = 0;
        long offset = 0;
        long size = 0;
        uint crc = 0;
        var slices = new List<TensorSlice>();
        while (entry.Next())
        {
            switch (entry.Field)
            {
                case 1:
                    type = (TensorElementType)entry.Int32();
                    break;
                case 2:
                    shape = TensorShape.Parse(entry.Message());
                    break;
                case 3:
                    shard = entry.Int32();
                    break;
                case 4:
                    offset = entry.Int64();
                    break;
                case 5:
                    size = entry.Int64();
                    break;
                case 6:
                    crc = entry.Fixed32();
                    break;
                case 7:
                    slices.Add(TensorSlice.Parse(entry.Message()));
                    break;
                default:
                    break;
            }
        }

        return new BundleEntry(type, shape, shard, offset, size, crc, slices, origin);
    }
}
