using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tables;
using Koalarization.Checkpoints.Tensors;
using Koalarization.Records.Framing;

namespace Koalarization.Checkpoints.V2;

/// <summary>
/// Opens V2 checkpoints (tensorflow/core/protobuf/tensor_bundle.proto): an index table from names to offsets in data files. A tensor
/// in slices has an entry that lists them, and for each an entry of its own under its ordered key, which begins with a zero byte.
/// </summary>
internal static class BundleReader
{
    /// <summary>Opens an index and its data files in order; the caller keeps them readable and disposes them on failure.</summary>
    public static Checkpoint Open(ByteSource index, IReadOnlyList<ByteSource> data)
    {
        (Dictionary<string, BundleEntry> tensorEntries, Dictionary<string, BundleEntry> sliceEntries) = ReadEntries(new Table(index));
        Int128 claimedBytes = tensorEntries.Values.Concat(sliceEntries.Values).Aggregate((Int128)0, (sum, entry) => sum + entry.SizeBytes);
        Int128 storedBytes = data.Aggregate((Int128)0, (sum, file) => sum + file.Length);
        if (claimedBytes > storedBytes)
        {
            // Tensors share no bytes, so that no small file can claim gigabytes.
            string last = data.Count == 0 ? index.File : data[^1].File;
            throw new CheckpointException(
                CheckpointCheck.Truncated, last, null, $"the tensors have {claimedBytes} bytes, and the data files {storedBytes}, so one is cut off");
        }

        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach ((string name, BundleEntry entry) in tensorEntries)
        {
            TensorPart[] parts = entry.Slices.Count == 0
                ? [Part(name, entry, Whole(entry.Shape), data)]
                : [.. entry.Slices.Select(slice => SlicePart(name, entry, slice, sliceEntries, data))];
            tensors.Add(name, StoredTensor.Create(name, entry.Type, entry.Shape, parts, entry.Origin));
        }

        return new Checkpoint([index, .. data], tensors);
    }

    private static (Dictionary<string, BundleEntry> Tensors, Dictionary<string, BundleEntry> Slices) ReadEntries(Table index)
    {
        var tensors = new Dictionary<string, BundleEntry>(StringComparer.Ordinal);
        var slices = new Dictionary<string, BundleEntry>(StringComparer.Ordinal);
        for (int block = 0; block < index.BlockCount; block++)
        {
            BlockReader entries = index.Open(block);
            while (entries.Next())
            {
                if (entries.Key.IsEmpty)
                {
                    continue;
                }

                var entry = BundleEntry.Parse(new ProtoReader(entries.Value, entries.ValueOrigin));
                bool isNew = entries.Key[0] == 0
                    ? slices.TryAdd(Convert.ToHexString(entries.Key), entry)
                    : tensors.TryAdd(TensorName.Decode(entries.Key, entries.ValueOrigin), entry);
                if (!isNew)
                {
                    throw entries.ValueOrigin.Format("a key is in the index twice");
                }
            }
        }

        return (tensors, slices);
    }

    private static BundlePart SlicePart(
        string name, BundleEntry whole, TensorSlice slice, Dictionary<string, BundleEntry> sliceEntries, IReadOnlyList<ByteSource> data)
    {
        TensorBox box = slice.Within(whole.Shape, whole.Origin);
        if (!sliceEntries.TryGetValue(Convert.ToHexString(OrderedKey.Of(name, slice)), out BundleEntry? entry))
        {
            throw whole.Origin.Format($"a slice of tensor '{name}' is listed, and not there");
        }

        return entry.Type == whole.Type && entry.Shape.ElementCount == box.ElementCount
            ? Part(name, entry, box, data)
            : throw entry.Origin.Format($"a slice of tensor '{name}' has another type or shape than its listing");
    }

    private static BundlePart Part(string name, BundleEntry entry, TensorBox box, IReadOnlyList<ByteSource> data)
    {
        if (entry.Shard < 0 || entry.Shard >= data.Count)
        {
            throw entry.Origin.Format($"tensor '{name}' lies in data file {entry.Shard} of {data.Count}");
        }

        ByteSource shard = data[entry.Shard];
        if (entry.OffsetBytes < 0 || entry.SizeBytes < 0 || entry.OffsetBytes > shard.Length || entry.SizeBytes > shard.Length - entry.OffsetBytes)
        {
            throw new CheckpointException(
                CheckpointCheck.Truncated,
                shard.File,
                shard.Length,
                $"the file ends here, and tensor '{name}' has {entry.SizeBytes} bytes from byte {entry.OffsetBytes}");
        }

        int elementBytes = entry.Type.SizeBytes();
        bool rightSize = elementBytes == 0
            ? entry.Type != TensorElementType.String || entry.SizeBytes >= box.ElementCount + StringElements.ChecksumBytes
            : entry.SizeBytes == box.ElementCount * elementBytes;
        return rightSize
            ? new BundlePart(box, entry, shard)
            : throw entry.Origin.Format($"tensor '{name}' cannot have {box.ElementCount} elements of type {entry.Type} in {entry.SizeBytes} bytes");
    }

    private static TensorBox Whole(TensorShape shape) => new(new long[shape.Dimensions.Length], shape.Dimensions);

    /// <summary>A tensor or slice at its offset in a data file.</summary>
    private sealed class BundlePart : TensorPart
    {
        // Copied and summed piece by piece, so that the sum reads what is still in the cache.
        private const int PieceBytes = 3 << 14;

        private readonly BundleEntry _entry;
        private readonly ByteSource _data;

        public BundlePart(TensorBox box, BundleEntry entry, ByteSource data)
            : base(box)
        {
            _entry = entry;
            _data = data;
        }

        public override void ReadBytes(Span<byte> destination)
        {
            ReadOnlySpan<byte> stored = _data.Slice(_entry.OffsetBytes, _entry.SizeBytes);
            uint crc = 0;
            for (int start = 0; start < stored.Length; start += PieceBytes)
            {
                ReadOnlySpan<byte> piece = stored[start..Math.Min(start + PieceBytes, stored.Length)];
                piece.CopyTo(destination[start..]);
                crc = Crc32C.Append(crc, piece);
            }

            Verify(crc);
        }

        public override byte[][] ReadStrings()
        {
            byte[][] strings = StringElements.Read(
                _data.Slice(_entry.OffsetBytes, _entry.SizeBytes), Box.ElementCount, new Origin(_data.File, _entry.OffsetBytes), out uint crc);
            Verify(crc);
            return strings;
        }

        private void Verify(uint crc)
        {
            if (MaskedCrc32C.Mask(crc) != _entry.MaskedCrc)
            {
                var origin = new Origin(_data.File, _entry.OffsetBytes);
                throw origin.Checksum($"the checksum of a tensor of {_entry.SizeBytes} bytes is wrong, the file is damaged");
            }
        }
    }
}
