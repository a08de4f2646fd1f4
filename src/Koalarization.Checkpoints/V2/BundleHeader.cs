using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tables;

namespace Koalarization.Checkpoints.V2;

/// <summary>The value of the index's empty key (BundleHeaderProto).</summary>
internal static class BundleHeader
{
    private const int NewestKnownVersion = 1;

    /// <summary>Checks that the checkpoint is one that is read here, and gives the number of its data files.</summary>
    public static int ReadShardCount(Table index)
    {
        if (!index.TryFind([], out ReadOnlySpan<byte> value, out Origin origin))
        {
            throw new CheckpointException(CheckpointCheck.NotACheckpoint, index.File, null, "this table is no checkpoint's index");
        }

        int shards = 0;
        for (var header = new ProtoReader(value, origin); header.Next();)
        {
            switch (header.Field)
            {
                case 1 when header.Wire == ProtoWireType.Varint:
                    shards = header.Int32();
                    break;
                case 2 when header.Int32() != 0:
                    throw header.Here.Unsupported("the checkpoint was written on a big-endian machine, which is not read here");
                case 3:
                    FormatVersion.Check(header.Message(), NewestKnownVersion);
                    break;
                default:
                    break;
            }
        }

        return shards is >= 0 and <= 99999 ? shards : throw origin.Format($"{shards} is no number of data files");
    }
}
