using FsCheck.Xunit;
using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tests.Tables;

namespace Koalarization.Checkpoints.Tests.Binary;

public class ProtoReaderTests
{
    [Property(MaxTest = 2000)]
    public void Any_bytes_are_fields_or_one_typed_error(byte[] bytes)
    {
        try
        {
            int total = 0;
            for (var reader = new ProtoReader(bytes, new Origin("bytes", 0)); reader.Next();)
            {
                total += reader.RawValue().Length;
            }

            Assert.InRange(total, 0, bytes.Length);
        }
        catch (CheckpointException e)
        {
            Assert.InRange(e.Offset!.Value, 0, bytes.Length);
        }
    }

    [Property]
    public bool A_variable_length_number_comes_back(ulong value)
    {
        byte[] bytes = TableWriter.Varints(value);
        return ProtoReader.DecodeVarint(bytes, out ulong back) == bytes.Length && back == value && ProtoReader.DecodeVarint(bytes.AsSpan(..^1), out _) == 0;
    }

    [Fact]
    public void A_value_asked_for_as_another_wire_type_is_refused()
    {
        Assert.Throws<CheckpointException>(() => First(Proto.Number(1, 5)).Bytes().Length);
        Assert.Throws<CheckpointException>(() => First(Proto.Text(1, "five!")).Varint());
        Assert.Throws<CheckpointException>(() => First(Proto.Number(1, 5)).Fixed32());
        Assert.Throws<CheckpointException>(() => First(Proto.Number(1, 1L << 40)).Int32());
        Assert.Equal(5, First(Proto.Number(1, 5)).Int32());
    }

    private static ProtoReader First(byte[] bytes)
    {
        var reader = new ProtoReader(bytes, new Origin("bytes", 0));
        Assert.True(reader.Next());
        return reader;
    }
}
