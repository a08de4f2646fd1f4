using FsCheck.Xunit;
using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tensors;
using Koalarization.Checkpoints.V1;

namespace Koalarization.Checkpoints.Tests.Tables;

/// <summary>Tables whose checksums are right, around content that TensorFlow does not write.</summary>
public class TableTests
{
    [Fact]
    public void Compressed_blocks_are_read()
    {
        byte[] table = TableWriter.Write(TableWriter.Read(Golden.Bytes("checkpoints/v1_single.ckpt")), snappy: true);
        Assert.True(table.Length < Golden.Bytes("checkpoints/v1_single.ckpt").Length);
        using Checkpoint checkpoint = OpenV1(table);
        GoldenCheckpoint.AssertEqual("v1_single", checkpoint);
    }

    [Fact]
    public void A_compressed_block_that_claims_gigabytes_costs_none()
    {
        // A Snappy block begins with its unpacked length.
        byte[] table = TableWriter.WriteWithIndex([.. TableWriter.Varints(0x7FFF_FFFF), .. new byte[95]], compression: 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(CheckpointCheck.Format, Assert.Throws<CheckpointException>(() => OpenV1(table)).Check);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Property]
    public void A_compressed_block_of_any_bytes_is_told(byte[] bytes)
    {
        byte[] table = TableWriter.WriteWithIndex([.. TableWriter.Varints((ulong)bytes.Length), .. bytes], compression: 1);
        Assert.Throws<CheckpointException>(() => OpenV1(table));
    }

    [Fact]
    public void An_unknown_compression_is_told()
    {
        byte[] table = TableWriter.WriteWithIndex(TableWriter.Block([]), compression: 2);
        Assert.Equal(CheckpointCheck.Unsupported, Assert.Throws<CheckpointException>(() => OpenV1(table)).Check);
    }

    [Fact]
    public void Blocks_that_share_bytes_are_refused()
    {
        byte[] handle = TableWriter.Varints(0, 0);
        byte[] index = TableWriter.Block(Enumerable.Range(0, 10).Select(i => (new[] { (byte)i }, handle)));
        Assert.Equal(CheckpointCheck.Format, Assert.Throws<CheckpointException>(() => OpenV1(TableWriter.WriteWithIndex(index))).Check);
    }

    [Theory]
    [InlineData("v1_partitioned.ckpt")]
    [InlineData("v1_sharded.ckpt-00000-of-00003")]
    [InlineData("v1_sharded.ckpt-00002-of-00003")]
    [InlineData("v2_partitioned.ckpt.index")]
    [InlineData("v2_strings.ckpt.index")]
    public void Any_changed_byte_of_any_entry_gives_values_or_one_typed_error(string file)
    {
        List<(byte[] Key, byte[] Value)[]> blocks = TableWriter.Read(Golden.Bytes("checkpoints/" + file));
        byte[][] parts = [.. blocks.SelectMany(block => block).SelectMany(entry => new[] { entry.Key, entry.Value }).Where(part => part.Length < 4000)];
        byte[] data = file.EndsWith(".index", StringComparison.Ordinal) ? Golden.Bytes($"checkpoints/{Path.ChangeExtension(file, null)}.data-00000-of-00001") : [];
        foreach (byte[] part in parts)
        {
            for (int i = 0; i < part.Length; i++)
            {
                byte was = part[i];
                foreach (byte value in new byte[] { (byte)(was ^ 1), (byte)(was ^ 0x80), 0, 0x7F, 0xFF })
                {
                    part[i] = value;
                    ReadEverything(TableWriter.Write(blocks), data);
                }

                part[i] = was;
            }
        }
    }

    private static void ReadEverything(byte[] table, byte[] data)
    {
        try
        {
            using Checkpoint checkpoint = data.Length == 0 ? OpenV1(table) : V2.BundleReader.Open(new MemorySource("index", table), [new MemorySource("data", data)]);
            foreach (TensorInfo tensor in checkpoint.Tensors.Values)
            {
                try
                {
                    _ = tensor.ElementType == TensorElementType.String ? checkpoint.ReadStrings(tensor.Name).Count : checkpoint.ReadBytes(tensor.Name).Length;
                }
                catch (CheckpointException)
                {
                    // Told, as it should be.
                }
            }
        }
        catch (CheckpointException)
        {
            // Told, as it should be.
        }
    }

    private static Checkpoint OpenV1(byte[] table) => SavedTensorsReader.Open([new MemorySource("table", table)]);
}
