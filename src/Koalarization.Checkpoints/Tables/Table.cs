using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Koalarization.Checkpoints.Binary;
using Koalarization.Records.Framing;
using Snappier;

namespace Koalarization.Checkpoints.Tables;

/// <summary>
/// A sorted table of keys and values, as LevelDB and TensorFlow write it (tensorflow/core/lib/io/format.h): data blocks, an index
/// block whose keys are not below the last key of their block, and a footer of 48 bytes that ends in a magic number.
/// </summary>
internal sealed class Table
{
    public const int FooterBytes = 48;

    private const ulong Magic = 0xDB4775248B80FB57;

    // The densest element of the Snappy format makes 64 bytes out of 3.
    public const int MaxSnappyRatio = 22;

    private readonly ByteSource _source;
    private readonly List<(byte[] LastKey, BlockHandle Block)> _index = [];

    /// <summary>Reads the footer and the index; the caller keeps the source readable.</summary>
    /// <exception cref="CheckpointException">The file is not a table, or those parts are damaged.</exception>
    public Table(ByteSource source)
    {
        _source = source;
        if (!HasMagic(source))
        {
            throw new CheckpointException(CheckpointCheck.NotACheckpoint, source.File, null, DescribeForeign(source));
        }

        long footerStart = source.Length - FooterBytes;
        ReadOnlySpan<byte> footer = source.Slice(footerStart, FooterBytes);
        var origin = new Origin(source.File, footerStart);
        int metaindexBytes = BlockHandle.Decode(footer, origin, out _);
        BlockHandle.Decode(footer[metaindexBytes..], origin, out BlockHandle index);
        var entries = new BlockReader(Read(index), OriginOf(index));
        long end = 0;
        while (entries.Next())
        {
            BlockHandle.Decode(entries.Value, entries.ValueOrigin, out BlockHandle block);

            // Blocks that shared bytes could make a small file endless work.
            if (block.OffsetBytes < end || block.SizeBytes > source.Length - BlockHandle.TrailerBytes - block.OffsetBytes)
            {
                throw entries.ValueOrigin.Format("a block overlaps another, or reaches over the file's end");
            }

            end = block.OffsetBytes + block.SizeBytes + BlockHandle.TrailerBytes;
            _index.Add((entries.Key.ToArray(), block));
        }
    }

    public string File => _source.File;

    public int BlockCount => _index.Count;

    /// <summary>Whether the file ends as a table does.</summary>
    public static bool HasMagic(ByteSource source) =>
        source.Length >= FooterBytes && BinaryPrimitives.ReadUInt64LittleEndian(source.Slice(source.Length - sizeof(ulong), sizeof(ulong))) == Magic;

    /// <summary>Opens a data block after its checksum was found right.</summary>
    public BlockReader Open(int block) => new(Read(_index[block].Block), OriginOf(_index[block].Block));

    /// <summary>The value of a key and its offset; false when the table lacks it.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value, out Origin origin)
    {
        int low = 0;
        int high = _index.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_index[middle].LastKey.AsSpan().SequenceCompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low < _index.Count)
        {
            BlockReader entries = Open(low);
            while (entries.Next())
            {
                if (entries.Key.SequenceEqual(key))
                {
                    value = entries.Value;
                    origin = entries.ValueOrigin;
                    return true;
                }
            }
        }

        value = default;
        origin = default;
        return false;
    }

    private Origin OriginOf(BlockHandle block) => new(_source.File, block.OffsetBytes);

    private ReadOnlySpan<byte> Read(BlockHandle block)
    {
        ReadOnlySpan<byte> stored = _source.Slice(block.OffsetBytes, block.SizeBytes + BlockHandle.TrailerBytes);
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(stored[^sizeof(uint)..]);
        if (MaskedCrc32C.Compute(stored[..^sizeof(uint)]) != expected)
        {
            throw OriginOf(block).Checksum($"the checksum of a block of {block.SizeBytes} bytes is wrong, the file is damaged");
        }

        ReadOnlySpan<byte> content = stored[..^BlockHandle.TrailerBytes];
        return stored[^BlockHandle.TrailerBytes] switch
        {
            0 => content,
            1 => Decompress(content, OriginOf(block)),
            byte other => throw OriginOf(block).Unsupported($"a block is compressed in an unknown way ({other})"),
        };
    }

    private static byte[] Decompress(ReadOnlySpan<byte> compressed, Origin origin)
    {
        try
        {
            // The claimed length is believed, and memory taken, only as far as Snappy can reach it.
            if (Snappy.GetUncompressedLength(compressed) <= (long)MaxSnappyRatio * compressed.Length)
            {
                return Snappy.DecompressToArray(compressed);
            }
        }
        catch (InvalidDataException e)
        {
            throw new CheckpointException(CheckpointCheck.Format, origin.File, origin.Offset, "a compressed block is not readable", e);
        }

        throw origin.Format("a compressed block claims more bytes than it can hold");
    }

    // What a file is that is no table, as far as its first bytes show.
    private static string DescribeForeign(ByteSource source)
    {
        ReadOnlySpan<byte> start = source.Slice(0, Math.Min(source.Length, 8));
        return start switch
        {
            [] => "the file is empty",
            [0x1F, 0x8B, ..] => "this is a gzip archive, not a checkpoint file",
            [0x50, 0x4B, 3, 4, ..] => "this is a zip file (Keras or PyTorch weights), not a TensorFlow checkpoint",
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "this is an HDF5 file (Keras weights), not a TensorFlow checkpoint",
            [(byte)'<', ..] => "this looks like a web page, not a TensorFlow checkpoint",
            _ => "this is not a TensorFlow checkpoint, or its end is cut off",
        };
    }
}

/// <summary>Where a block lies in its file; its trailer (1 byte compression, 4 bytes checksum) follows it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockHandle(long OffsetBytes, long SizeBytes)
{
    public const int TrailerBytes = 5;

    /// <summary>Reads two varints and gives how many bytes they took.</summary>
    public static int Decode(ReadOnlySpan<byte> bytes, Origin origin, out BlockHandle handle)
    {
        int first = ProtoReader.DecodeVarint(bytes, out ulong offset);
        int second = ProtoReader.DecodeVarint(bytes[first..], out ulong size);
        if (first == 0 || second == 0 || offset > long.MaxValue || size > long.MaxValue - TrailerBytes)
        {
            throw origin.Format("the offset of a block is not readable");
        }

        handle = new BlockHandle((long)offset, (long)size);
        return first + second;
    }
}
