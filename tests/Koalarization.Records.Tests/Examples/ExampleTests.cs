
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Records.Tests.Examples;

public sealed class ExampleTests
{
    [Fact]
    public void Reads_every_kind_of_feature_that_TensorFlow_wrote()
    {
        List<Example?> examples = [];
        using TFRecordReader reader = TFRecordReader.Open(Golden.PathOf("tfrecords/tensorflow_none.tfrecord"));
        while (reader.TryRead(out ReadOnlyMemory<byte> record))
        {
            examples.Add(examples.Count == 7 ? null : Example.Parse(record.ToArray()));
        }

        Assert.Equal(["image_ab", "image_embedding", "image_l", "image_name"], examples[0]!.Features.Keys.Order());
        Assert.Empty(examples[1]!.Features);
        Assert.IsType<EmptyFeature>(examples[2]!.Features["none"]);
        Assert.Equal([-1, 0, 1L << 62, long.MinValue], ((Int64Feature)examples[3]!.Features["i"]).Values.ToArray());
        var many = (BytesFeature)examples[4]!.Features["many"];
        Assert.Equal([[], [0, 255], "ünïcode"u8.ToArray()], many.Values.Select(value => value.ToArray()));
        int[] bits = [.. ((FloatFeature)examples[5]!.Features["specials"]).Values.ToArray().Select(BitConverter.SingleToInt32Bits)];
        Assert.Equal([0x7F800000, unchecked((int)0xFF800000), 0x7FC00000, int.MinValue, 1], bits);
        Assert.Empty(examples[6]!.Features);
        Assert.Equal(70_000, examples[8]!.Features["big"].Count);
    }

    [Fact]
    public void A_record_that_is_no_Example_is_an_error_that_says_where()
    {
        ExampleException error = Assert.Throws<ExampleException>(() => Example.Parse("not an example"u8.ToArray()));
        Assert.Equal(0, error.Offset);
        Assert.Null(error.Feature);
    }

    // One entry {"k": feature}; the features are hand-made after the protocol buffer encoding's specification.
    [Theory]
    [InlineData("1A 04 08 01 08 7F", "1 127")] // int64_list, unpacked
    [InlineData("1A 05 0A 01 01 08 02", "1 2")] // packed, then unpacked
    [InlineData("1A 02 08 05 1A 02 08 06", "5 6")] // two int64_lists are joined
    [InlineData("12 05 0D 00 00 80 3F 1A 02 08 06", "6")] // a later kind takes an earlier one's place
    [InlineData("1A 02 08 05 12 05 0D 00 00 80 3F", "1")] // and the other way round: float 1
    [InlineData("12 0F 0D 00 00 80 3F 0A 08 00 00 00 40 00 00 40 40", "1 2 3")] // floats, unpacked, then packed
    [InlineData("20 07 1A 02 08 05", "5")] // an unknown varint field before
    [InlineData("1A 06 08 05 1B 23 1C 24", null)] // crossed groups
    [InlineData("1A 0F 10 01 08 05 1B 23 24 1C 15 00 00 00 00 08 06", "5 6")] // unknown: varint, groups, fixed32
    [InlineData("1A 03 08 80 80", null)] // a number without end
    [InlineData("12 05 0A 03 00 00 00", null)] // three bytes are no float
    [InlineData("1A 0C 08 FF FF FF FF FF FF FF FF FF FF 01", null)] // eleven bytes of a number
    [InlineData("12 FF FF FF FF 0F", null)] // a length beyond the end
    [InlineData("02 00", null)] // field number 0
    [InlineData("0E 00", null)] // wire type 6
    public void Follows_protocol_buffers_rules(string featureHex, string? expected)
    {
        byte[] record = Wrap(Convert.FromHexString(featureHex.Replace(" ", "")));
        if (expected is null)
        {
            Assert.Throws<ExampleException>(() => Example.Parse(record));
            return;
        }

        Feature feature = Example.Parse(record).Features["k"];
        string read = feature is FloatFeature floats
            ? string.Join(' ', floats.Values.ToArray())
            : string.Join(' ', ((Int64Feature)feature).Values.ToArray());
        Assert.Equal(expected, read);
    }

    [Fact]
    public void Of_a_repeated_name_the_last_counts()
    {
        byte[] first = Wrap([0x1A, 2, 0x08, 1]);
        byte[] second = Wrap([0x1A, 2, 0x08, 2]);
        Feature feature = Example.Parse((byte[])[.. first, .. second]).Features["k"];
        Assert.Equal([2L], ((Int64Feature)feature).Values.ToArray());
    }

    [Fact]
    public void A_name_that_is_no_UTF8_is_an_error() =>
        Assert.Throws<ExampleException>(() => Example.Parse(new byte[] { 0x0A, 5, 0x0A, 3, 0x0A, 1, 0xFF }));

    [Fact]
    public void Deeply_nested_groups_end_in_the_typed_error() =>
        Assert.Throws<ExampleException>(() => Example.Parse(Enumerable.Repeat((byte)0x1B, 1_000_000).ToArray()));

    [Fact]
    public void Every_cut_and_every_flipped_bit_ends_in_an_Example_or_the_typed_error()
    {
        foreach (byte[] record in GoldenRecords.All.Select(golden => golden.Data).OfType<byte[]>())
        {
            for (int cut = 0; cut < record.Length; cut++)
            {
                ParseOrRefuse(record[..cut]);
            }

            for (int bit = 0; bit < 8 * record.Length; bit++)
            {
                byte[] damaged = [.. record];
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                ParseOrRefuse(damaged);
            }
        }
    }

    private static void ParseOrRefuse(byte[] record)
    {
        try
        {
            Example example = Example.Parse(record);
            Assert.All(example.Features.Values, feature => Assert.InRange(feature.Count, 0, record.Length));
        }
        catch (ExampleException error)
        {
            Assert.InRange(error.Offset ?? -1, 0, record.Length);
        }
    }

    private static byte[] Wrap(byte[] feature)
    {
        byte[] entry = [0x0A, 1, (byte)'k', 0x12, (byte)feature.Length, .. feature];
        byte[] features = [0x0A, (byte)entry.Length, .. entry];
        return [0x0A, (byte)features.Length, .. features];
    }
}
