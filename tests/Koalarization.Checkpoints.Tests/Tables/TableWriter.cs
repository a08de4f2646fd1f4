using System.Buffers.Binary;
using Koalarization.Checkpoints.Binary;
using Koalarization.Records.Framing;
using Snappier;

namespace Koalarization.Checkpoints.Tests.Tables;

/// <summary>Writes tables with right checksums around any content.</summary>
internal static class TableWriter
{
    /// <summary>One table with a block for each list of entries; keys are not shortened.</summary>
    public static byte[] Write(IEnumerable<(byte[] Key, byte[] Value)[]> blocks, bool snappy = false)
    {
        var file = new MemoryStream();
        var index = new List<(byte[] Key, byte[] Value)>();
        foreach ((byte[] Key, byte[] Value)[] entries in blocks)
        {
            index.Add((entries[^1].Key, AddBlock(file, Block(entries), snappy)));
        }

        byte[] metaindex = AddBlock(file, Block([]), snappy: false);
        return WriteFooter(file, metaindex, AddBlock(file, Block(index), snappy));
    }

    /// <summary>A table of which the index block, with its kind of compression, is given as it is.</summary>
    public static byte[] WriteWithIndex(byte[] storedIndex, byte compression = 0)
    {
        var file = new MemoryStream();
        return WriteFooter(file, Varints(0, 0), AddStored(file, storedIndex, compression));
    }

    /// <summary>Takes a table that <see cref="Checkpoints"/> can read apart into its entries, block by block.</summary>
    public static List<(byte[] Key, byte[] Value)[]> Read(byte[] table)
    {
        var blocks = new List<(byte[] Key, byte[] Value)[]>();
        var read = new Koalarization.Checkpoints.Tables.Table(new MemorySource("table", table));
        for (int i = 0; i < read.BlockCount; i++)
        {
            var entries = new List<(byte[] Key, byte[] Value)>();
            Koalarization.Checkpoints.Tables.BlockReader block = read.Open(i);
            while (block.Next())
            {
                entries.Add((block.Key.ToArray(), block.Value.ToArray()));
            }

            blocks.Add([.. entries]);
        }

        return blocks;
    }

    public static byte[] Block(IEnumerable<(byte[] Key, byte[] Value)> entries)
    {
        var block = new MemoryStream();
        foreach ((byte[] key, byte[] value) in entries)
        {
            block.Write([.. Varints(0, (ulong)key.Length, (ulong)value.Length), .. key, .. value]);
        }

        block.Write([0, 0, 0, 0, 1, 0, 0, 0]);
        return block.ToArray();
    }

    public static byte[] Varints(params ulong[] values)
    {
        var bytes = new List<byte>();
        foreach (ulong value in values)
        {
            ulong rest = value;
            for (; rest >= 0x80; rest >>= 7)
            {
                bytes.Add((byte)(rest | 0x80));
            }

            bytes.Add((byte)rest);
        }

        return [.. bytes];
    }

    private static byte[] AddBlock(MemoryStream file, byte[] block, bool snappy) =>
        AddStored(file, snappy ? Snappy.CompressToArray(block) : block, snappy ? (byte)1 : (byte)0);

    private static byte[] AddStored(MemoryStream file, byte[] block, byte compression)
    {
        byte[] stored = [.. block, compression];
        byte[] handle = Varints((ulong)file.Position, (ulong)block.Length);
        var checksum = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedCrc32C.Compute(stored));
        file.Write([.. stored, .. checksum]);
        return handle;
    }

    private static byte[] WriteFooter(MemoryStream file, byte[] metaindex, byte[] index)
    {
        byte[] handles = [.. metaindex, .. index];
        file.Write([.. handles, .. new byte[40 - handles.Length], 0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]);
        return file.ToArray();
    }
}
