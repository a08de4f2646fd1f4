using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tables;
using Koalarization.Checkpoints.Tensors;

namespace Koalarization.Checkpoints.V1;

/// <summary>
/// Opens V1 checkpoints (tensorflow/core/util/saved_tensor_slice.proto): the empty key's value lists the tensors and their
/// slices, each other value is one slice. Every shard lists its own slices only.
/// </summary>
internal static class SavedTensorsReader
{
    private const int NewestKnownVersion = 1;

    /// <summary>Opens one file, or the shards of one checkpoint in order; the caller keeps them readable and disposes them on failure.</summary>
    public static Checkpoint Open(IReadOnlyList<ByteSource> shards)
    {
        var found = new Dictionary<string, Listing>(StringComparer.Ordinal);
        foreach (ByteSource shard in shards)
        {
            ReadMetadata(shard, found);
        }

        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach ((string name, Listing listing) in found.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            tensors.Add(name, StoredTensor.Create(name, listing.Type, listing.Shape, listing.Parts, listing.Origin));
        }

        return new Checkpoint(shards, tensors);
    }

    private static void ReadMetadata(ByteSource shard, Dictionary<string, Listing> found)
    {
        var table = new Table(shard);
        if (!table.TryFind([], out ReadOnlySpan<byte> value, out Origin origin))
        {
            throw new CheckpointException(CheckpointCheck.NotACheckpoint, shard.File, null, "this table lists no tensors, so it is no checkpoint");
        }

        Int128 claimedBytes = 0;
        for (var message = new ProtoReader(value, origin); message.Next();)
        {
            if (message.Field != 1)
            {
                continue;
            }

            if (message.Wire == ProtoWireType.Varint)
            {
                // A BundleHeaderProto: field 1 is its number of data files.
                throw new CheckpointException(
                    CheckpointCheck.NotACheckpoint, shard.File, null, "this is the index of a V2 checkpoint, which needs its data files too");
            }

            for (ProtoReader meta = message.Message(); meta.Next();)
            {
                switch (meta.Field)
                {
                    case 1:
                        ReadTensor(meta.Message(), table, shard, found, ref claimedBytes);
                        break;
                    case 2:
                        FormatVersion.Check(meta.Message(), NewestKnownVersion);
                        break;
                    default:
                        break;
                }
            }
        }
    }

    private static void ReadTensor(
        ProtoReader meta, Table table, ByteSource shard, Dictionary<string, Listing> found, ref Int128 claimedBytes)
    {
        Origin origin = meta.Here;
        string name = "";
        TensorShape shape = TensorShape.Scalar;
        var type = TensorElementType.Invalid;
        var slices = new List<TensorSlice>();
        while (meta.Next())
        {
            switch (meta.Field)
            {
                case 1:
                    name = TensorName.Read(meta);
                    break;
                case 2:
                    shape = TensorShape.Parse(meta.Message());
                    break;
                case 3:
                    type = (TensorElementType)meta.Int32();
                    break;
                case 4:
                    slices.Add(TensorSlice.Parse(meta.Message()));
                    break;
                default:
                    break;
            }
        }

        TensorPart[] parts = [.. slices.Select(slice => new SavedSlicePart(table, name, type, slice, slice.Within(shape, origin)))];
        foreach (TensorPart part in parts)
        {
            claimedBytes += (Int128)part.Box.ElementCount * TensorValues.MinStoredBytes(type);
        }

        // Shapes that the file cannot fill are refused before anyone takes memory for them.
        if (claimedBytes > (Int128)Table.MaxSnappyRatio * shard.Length)
        {
            throw origin.Format($"with tensor '{name}' the file claims more elements than it can hold");
        }

        if (!found.TryGetValue(name, out Listing? listing))
        {
            found.Add(name, new Listing(type, shape, [.. parts], origin));
        }
        else if (listing.Type == type && listing.Shape.Dimensions.AsSpan().SequenceEqual(shape.Dimensions))
        {
            listing.Parts.AddRange(parts);
        }
        else
        {
            throw origin.Format($"tensor '{name}' is listed twice with different types or shapes");
        }
    }

    private sealed record Listing(TensorElementType Type, TensorShape Shape, List<TensorPart> Parts, Origin Origin);

    /// <summary>One slice in a V1 table, found by its key when it is read.</summary>
    private sealed class SavedSlicePart : TensorPart
    {
        private readonly Table _table;
        private readonly string _name;
        private readonly TensorElementType _type;
        private readonly TensorSlice _slice;

        public SavedSlicePart(Table table, string name, TensorElementType type, TensorSlice slice, TensorBox box)
            : base(box)
        {
            _table = table;
            _name = name;
            _type = type;
            _slice = slice;
        }

        public override void ReadBytes(Span<byte> destination) => TensorValues.Read(Data(), _type, destination);

        public override byte[][] ReadStrings() => TensorValues.ReadStrings(Data(), Box.ElementCount);

        /// <summary>The TensorProto: field 3 of field 2, a SavedSlice, of the value.</summary>
        private ProtoReader Data()
        {
            if (!_table.TryFind(OrderedKey.Of(_name, _slice), out ReadOnlySpan<byte> value, out Origin origin))
            {
                throw new CheckpointException(CheckpointCheck.Format, _table.File, null, $"a slice of tensor '{_name}' is listed, and not there");
            }

            for (var message = new ProtoReader(value, origin); message.Next();)
            {
                if (message.Field != 2)
                {
                    continue;
                }

                for (ProtoReader slice = message.Message(); slice.Next();)
                {
                    switch (slice.Field)
                    {
                        case 1 when !string.Equals(TensorName.Read(slice), _name, StringComparison.Ordinal):
                            throw slice.Here.Format($"the slice stored for tensor '{_name}' is another tensor's");
                        case 3:
                            return slice.Message();
                        default:
                            break;
                    }
                }
            }

            throw origin.Format($"a slice of tensor '{_name}' has no data");
        }
    }
}
