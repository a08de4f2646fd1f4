using Koalarization.Records.Examples;

namespace Koalarization.Records.Tests.Examples;

public sealed class LabRecordTests
{
    public static TheoryData<string, string> Broken => new()
    {
        { "image_l", "" },
        { "image_ab", "" },
        { "image_embedding", "" },
        { "image_name", "" },
        { "image_l", "12 05 0D 00 00 80 3F" }, // one float: no picture of 4 x 4 any more
        { "image_l", "1A 02 08 01" }, // integers
        { "image_l", "12 0A 0D 00 00 80 3F 0D 00 00 80 3F" }, // two floats: no square
        { "image_l", "12 00" }, // no floats
        { "image_ab", "12 05 0D 00 00 80 3F" },
        { "image_embedding", "12 00" },
        { "image_embedding", "0A 02 0A 00" }, // bytes
        { "image_name", "0A 04 0A 00 0A 00" }, // two names
        { "image_name", "12 05 0D 00 00 80 3F" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Says_which_feature_is_missing_or_wrong(string name, string featureHex)
    {
        byte[] golden = GoldenRecords.All[0].Data!;
        byte[] record = featureHex.Length == 0
            ? Rename(golden, name)
            : [.. golden, .. Entry(name, Convert.FromHexString(featureHex.Replace(" ", "")))];

        ExampleException error = Assert.Throws<ExampleException>(() => LabRecord.Parse(record));

        // A luminance of another size is noticed by the colours that do not belong to it.
        Assert.Equal(name == "image_l" && error.Message.Contains("1 x 1") ? "image_ab" : name, error.Feature);
        Assert.Null(error.Offset);
        Assert.Contains(error.Feature!, error.Message);
    }

    [Fact]
    public void Reads_floats_that_came_in_pieces()
    {
        byte[] record = [.. GoldenRecords.All[0].Data!, .. Entry("image_embedding", [0x12, 10, 0x0D, 0, 0, 0x80, 0x3F, 0x0D, 0, 0, 0, 0x40])];
        Assert.Equal([1, 2], LabRecord.Parse(record).Embedding.ToArray());
    }

    private static byte[] Rename(byte[] record, string name)
    {
        byte[] renamed = [.. record];
        int at = renamed.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(name).Append((byte)0x12).ToArray());
        renamed[at] = (byte)'x';
        return renamed;
    }

    private static byte[] Entry(string name, byte[] feature)
    {
        byte[] entry = [0x0A, (byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name), 0x12, (byte)feature.Length, .. feature];
        byte[] features = [0x0A, (byte)entry.Length, .. entry];
        return [0x0A, (byte)features.Length, .. features];
    }
}
