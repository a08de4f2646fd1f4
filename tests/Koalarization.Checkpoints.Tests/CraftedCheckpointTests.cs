using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tensors;
using Koalarization.Checkpoints.Tests.Binary;
using Koalarization.Checkpoints.Tests.Tables;
using Koalarization.Checkpoints.V1;
using Koalarization.Checkpoints.V2;

namespace Koalarization.Checkpoints.Tests;

/// <summary>Checkpoints with right checksums that say what TensorFlow would not, or not often.</summary>
public class CraftedCheckpointTests
{
    private static byte[] All => Proto.Slice(4, (0, -1));

    [Fact]
    public void Lists_of_single_values_and_raw_bytes_are_read_like_packed_lists()
    {
        byte[] singles = [.. Proto.Float(5, 1.5f), .. Proto.Float(5, -2)];
        byte[] raw = Proto.Bytes(4, [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0]);
        foreach (byte[] data in new[] { singles, raw })
        {
            using Checkpoint checkpoint = OpenV1(Meta("a", TensorElementType.Float32, [2], All), ("a", data));
            Assert.Equal([1.5f, -2f], checkpoint.ReadFloats("a"));
        }

        byte[] numbers = [.. Proto.Number(7, -3), .. Proto.Bytes(7, TableWriter.Varints(4, 5))];
        using Checkpoint integers = OpenV1(Meta("a", TensorElementType.Int16, [3], All), ("a", numbers));
        Assert.Equal([0xFD, 0xFF, 4, 0, 5, 0], integers.ReadBytes("a"));
    }

    [Fact]
    public void Strings_in_a_V1_file_are_read()
    {
        using Checkpoint checkpoint = OpenV1(Meta("a", TensorElementType.String, [2], All), ("a", [.. Proto.Text(8, ""), .. Proto.Text(8, "é")]));
        Assert.Equal([[], [0xC3, 0xA9]], checkpoint.ReadStrings("a"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_list_of_another_length_than_the_slice_is_refused(int count)
    {
        byte[] data = [.. Enumerable.Range(0, count).SelectMany(i => Proto.Float(5, i))];
        using Checkpoint checkpoint = OpenV1(Meta("a", TensorElementType.Float32, [2], All), ("a", data));
        Assert.Equal(CheckpointCheck.Format, Assert.Throws<CheckpointException>(() => checkpoint.ReadFloats("a")).Check);
    }

    [Fact]
    public void A_shape_that_the_file_cannot_fill_is_refused_before_memory_is_taken()
    {
        byte[] meta = Meta("a", TensorElementType.Float32, [1 << 20, 400], Proto.Slice(4, (0, -1), (0, -1)));
        Assert.Equal(CheckpointCheck.Format, Assert.Throws<CheckpointException>(() => OpenV1(meta)).Check);
    }

    [Theory]
    [InlineData(1L << 62, 1L << 62)]
    [InlineData(0, long.MaxValue)]
    [InlineData(-1, 2)]
    public void Impossible_shapes_are_refused(long first, long second)
    {
        byte[] meta = Meta("a", TensorElementType.Float32, [first, second], Proto.Slice(4, (0, -1), (0, -1)));
        Assert.Equal(CheckpointCheck.Format, Assert.Throws<CheckpointException>(() => OpenV1(meta)).Check);
    }

    [Theory]
    [InlineData(0, 5, 5, 6, true)]
    [InlineData(0, 5, 5, 5, false)]
    [InlineData(0, 5, 4, 6, true)]
    [InlineData(0, 5, 4, 5, true)]
    [InlineData(0, 5, 6, 5, true)]
    [InlineData(0, 5, 6, 4, true)]
    [InlineData(0, 5, 5, -2, true)]
    public void Slices_must_hold_each_element_once(long firstStart, long firstLength, long secondStart, long secondLength, bool refused)
    {
        byte[] slices = [.. Proto.Slice(4, (firstStart, firstLength)), .. Proto.Slice(4, (secondStart, secondLength < -1 ? long.MaxValue : secondLength))];
        Exception? error = Record.Exception(() => OpenV1(Meta("a", TensorElementType.UInt8, [10], slices)).Dispose());
        Assert.Equal(refused, error is CheckpointException { Check: CheckpointCheck.Format });
    }

    [Fact]
    public void A_slice_of_another_tensor_under_a_key_is_refused()
    {
        byte[] key = OrderedKey.Of("a", Whole());
        byte[] value = Proto.Bytes(2, Proto.Text(1, "b"), Proto.Bytes(3, Proto.Float(5, 1)));
        byte[] table = TableWriter.Write([[([], Proto.Bytes(1, Meta("a", TensorElementType.Float32, [1], All))), (key, value)]]);
        using Checkpoint checkpoint = SavedTensorsReader.Open([new MemorySource("table", table)]);
        Assert.Equal(CheckpointCheck.Format, Assert.Throws<CheckpointException>(() => checkpoint.ReadFloats("a")).Check);
    }

    [Fact]
    public void A_V2_index_alone_is_told_as_one()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(
            () => SavedTensorsReader.Open([new MemorySource("index", Golden.Bytes("checkpoints/v2_strings.ckpt.index"))]));
        Assert.Equal(CheckpointCheck.NotACheckpoint, error.Check);
        Assert.Contains("V2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Big_endian_and_future_checkpoints_are_unsupported()
    {
        Assert.Equal(CheckpointCheck.Unsupported, Assert.Throws<CheckpointException>(() => OpenV2([.. Proto.Number(1, 1), .. Proto.Number(2, 1)])).Check);
        Assert.Equal(CheckpointCheck.Unsupported, Assert.Throws<CheckpointException>(() => OpenV2([.. Proto.Number(1, 1), .. Proto.Bytes(3, Proto.Number(2, 9))])).Check);
    }

    [Fact]
    public void Tensors_that_share_bytes_in_a_data_file_are_refused()
    {
        byte[] entry = [.. Proto.Number(1, (int)TensorElementType.UInt8), .. Proto.Shape(2, 3), .. Proto.Number(5, 3)];
        byte[] index = TableWriter.Write([[([], Proto.Number(1, 1)), ("a"u8.ToArray(), entry), ("b"u8.ToArray(), entry)]]);
        Assert.Throws<CheckpointException>(() => BundleReader.Open(new MemorySource("index", index), [new MemorySource("data", new byte[5])]));
        BundleReader.Open(new MemorySource("index", index), [new MemorySource("data", new byte[6])]).Dispose();
    }

    [Fact]
    public void A_tensor_of_a_type_without_a_size_is_listed_and_not_read()
    {
        byte[] entry = [.. Proto.Number(1, (int)TensorElementType.Variant), .. Proto.Number(5, 3)];
        byte[] index = TableWriter.Write([[([], Proto.Number(1, 1)), ("v"u8.ToArray(), entry)]]);
        using Checkpoint checkpoint = BundleReader.Open(new MemorySource("index", index), [new MemorySource("data", new byte[3])]);
        Assert.Equal("v: Variant []", checkpoint.Tensors["v"].ToString());
        Assert.Equal(CheckpointCheck.ElementType, Assert.Throws<CheckpointException>(() => checkpoint.ReadBytes("v")).Check);
    }

    private static byte[] Meta(string name, TensorElementType type, long[] shape, byte[] slices) =>
        Proto.Bytes(1, Proto.Text(1, name), Proto.Shape(2, shape), Proto.Number(3, (int)type), slices);

    private static TensorSlice Whole()
    {
        var message = new ProtoReader(All, new Origin("slice", 0));
        Assert.True(message.Next());
        return TensorSlice.Parse(message.Message());
    }

    private static Checkpoint OpenV1(byte[] meta, params (string Name, byte[] Data)[] wholeTensors)
    {
        byte[] table = TableWriter.Write(
        [
            [
                ([], Proto.Bytes(1, meta)),
                .. wholeTensors.Select(tensor => (OrderedKey.Of(tensor.Name, Whole()), Proto.Bytes(2, Proto.Text(1, tensor.Name), Proto.Bytes(3, tensor.Data)))),
            ],
        ]);
        return SavedTensorsReader.Open([new MemorySource("table", table)]);
    }

    private static int OpenV2(byte[] header) => BundleHeader.ReadShardCount(new Koalarization.Checkpoints.Tables.Table(new MemorySource("index", TableWriter.Write([[([], header)]]))));
}
