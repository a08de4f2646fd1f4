using System.Runtime.InteropServices;
using System.Text;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Records.Tests.Examples;

public sealed class LabExampleTests
{
    // TensorFlow's own encoding of this record in another order of features: its four entries, sorted by name, are ours.
    private const string SmallRecord =
        "0AC302"
        + "0A93010A08" + "696D6167655F6162" + "1286011283010A8001"
        + "000080BFDF7B6FBFBEF75EBF9D734EBF7CEF3DBF5B6B2DBF3AE71CBF19630CBFEFBDF7BEADB5D6BE6BADB5BE29A594BECE3967BE4A2925BE8C31C6BD082104BD"
        + "0821043D8C31C63D4A29253ECE39673E29A5943E6BADB53EADB5D63EEFBDF73E19630C3F3AE71C3F5B6B2D3F7CEF3D3F9D734E3FBEF75E3FDF7B6F3F0000803F"
        + "0A330A0F" + "696D6167655F656D62656464696E67" + "1220121E0A1C"
        + "9D04893EC304F43FB72C833F86FEDEBFD76F413F9BF00A40B7DEC83E"
        + "0A4F0A07" + "696D6167655F6C" + "124412420A40"
        + "000080BFDEDD5DBFBCBB3BBF9A9919BFEFEEEEBEABAAAABECDCC4CBE898888BD8988883DCDCC4C3EABAAAA3EEFEEEE3E9A99193FBCBB3B3FDEDD5D3F0000803F"
        + "0A250A0A" + "696D6167655F6E616D65" + "12170A150A13"
        + "646174612F726573697A65642F612E6A706567";

    private static readonly Example s_example = Example.Parse(GoldenRecords.All[0].Data);

    [Fact]
    public void Writes_exactly_these_bytes()
    {
        LabRecord golden = LabRecord.From(s_example);
        byte[] record = new byte[LabExample.Size(19, 4, 7)];
        int written = LabExample.Write("data/resized/a.jpeg"u8, golden.Luminance, golden.Ab, golden.Embedding, record);
        Assert.Equal(record.Length, written);
        Assert.Equal(SmallRecord, Convert.ToHexString(record));
    }

    [Fact]
    public void A_buffer_gives_the_same_bytes()
    {
        LabRecord golden = LabRecord.From(s_example);
        var buffer = new LabExampleBuffer(4, 7);
        foreach (string name in (string[])["a much longer name than the next", "data/resized/a.jpeg"])
        {
            buffer.Begin(Encoding.UTF8.GetBytes(name));
            golden.Luminance.CopyTo(buffer.Luminance);
            golden.Ab.CopyTo(buffer.Ab);
            golden.Embedding.CopyTo(buffer.Embedding);
            Assert.Equal(name, LabRecord.Parse(buffer.Record).Name);
        }

        Assert.Equal(SmallRecord, Convert.ToHexString(buffer.Record.Span));
    }

    // The length prefix of all features grows by a byte as well, which moves everything behind it.
    [Fact]
    public void Every_length_of_name_gives_a_record_that_reads_back()
    {
        var buffer = new LabExampleBuffer(1, 1);
        for (int nameBytes = 0; nameBytes < 20_000; nameBytes += nameBytes < 300 ? 1 : 97)
        {
            byte[] name = [.. Enumerable.Repeat((byte)'n', nameBytes)];
            buffer.Begin(name);
            (buffer.Luminance[0], buffer.Ab[0], buffer.Ab[1], buffer.Embedding[0]) = (1, 2, 3, 4);
            LabRecord read = LabRecord.Parse(buffer.Record);
            Assert.Equal(name, read.NameUtf8.ToArray());
            Assert.Equal([1, 2, 3, 4], (float[])[.. read.Luminance, .. read.Ab, .. read.Embedding]);
        }
    }

    [Theory]
    [InlineData("docs_299_lab_images_0", 299, 1)]
    [InlineData("upstream_224_lab_images_0", 224, 2)]
    [InlineData("upstream_224_lab_images_1", 224, 1)]
    public void Reads_the_originals_records_and_encodes_them_as_long_and_equal(string file, int size, int pictures)
    {
        string[] names = Golden.Lines("records/names.txt");
        using TFRecordReader reader = TFRecordReader.Open(Golden.PathOf($"records/{file}.tfrecord"));
        foreach (byte[] original in GoldenRecords.ReadAll(reader))
        {
            LabRecord picture = LabRecord.Parse(original);
            Assert.StartsWith("data/resized/", picture.Name);
            Assert.Contains(Path.GetFileName(picture.Name), names);
            Assert.Equal((size, size * size, 2 * size * size), (picture.Size, picture.Luminance.Length, picture.Ab.Length));
            Assert.Equal(1001, picture.Embedding.Length);
            Assert.InRange(picture.Luminance.ToArray().Min(), -1, 1);

            byte[] ours = new byte[LabExample.Size(picture.NameUtf8.Length, size, 1001)];
            LabExample.Write(picture.NameUtf8, picture.Luminance, picture.Ab, picture.Embedding, ours);
            Assert.Equal(original.Length, ours.Length);
            AssertSameFeatures(Example.Parse(original), Example.Parse(ours));
        }

        Assert.Equal(pictures, reader.Records);
    }

    [Fact]
    public void Refuses_lists_that_do_not_belong_together()
    {
        byte[] destination = new byte[1000];
        Assert.Throws<ArgumentException>(() => LabExample.Write([], new float[3], new float[6], new float[1], destination));
        Assert.Throws<ArgumentException>(() => LabExample.Write([], new float[4], new float[7], new float[1], destination));
        Assert.Throws<ArgumentException>(() => LabExample.Write([], new float[4], new float[8], new float[1], destination.AsSpan(..50)));
        Assert.Throws<ArgumentOutOfRangeException>(() => LabExample.Write([], [], [], new float[1], destination));
        Assert.Throws<ArgumentOutOfRangeException>(() => LabExample.Write([], new float[4], new float[8], [], destination));
    }

    [Fact]
    public void The_largest_record_has_a_length()
    {
        int bytes = LabExample.Size(LabExample.MaxNameBytes, LabExample.MaxSize, LabExample.MaxLogits);
        Assert.InRange(bytes, 3 * 4 * LabExample.MaxSize * LabExample.MaxSize, int.MaxValue);
    }

    private static void AssertSameFeatures(Example expected, Example actual)
    {
        Assert.Equal(expected.Features.Keys.Order(), actual.Features.Keys.Order());
        foreach ((string name, Feature feature) in expected.Features)
        {
            if (feature is FloatFeature floats)
            {
                Assert.True(MemoryMarshal.AsBytes(floats.Values).SequenceEqual(
                    MemoryMarshal.AsBytes(((FloatFeature)actual.Features[name]).Values)));
            }
            else
            {
                Assert.Equal(
                    ((BytesFeature)feature).Values.Select(value => value.ToArray()),
                    ((BytesFeature)actual.Features[name]).Values.Select(value => value.ToArray()));
            }
        }
    }
}
