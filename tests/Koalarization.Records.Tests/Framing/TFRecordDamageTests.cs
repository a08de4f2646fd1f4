using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Records.Framing;

namespace Koalarization.Records.Tests.Framing;

public sealed class TFRecordDamageTests
{
    private static readonly byte[] s_first596 = Golden.Bytes("tfrecords/tensorflow_none.tfrecord")[..596];

    public static TheoryData<string, int, int, string> TensorFlowsCases()
    {
        var cases = new TheoryData<string, int, int, string>();
        using JsonDocument json = JsonDocument.Parse(Golden.Bytes("tfrecords/damage.json"));
        foreach (JsonElement row in json.RootElement.GetProperty("results").EnumerateArray())
        {
            cases.Add(row[0].GetString()!, row[1].GetInt32(), row[2].GetInt32(), row[3].GetString()!);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(TensorFlowsCases))]
    public void Finds_what_TensorFlow_finds_and_the_short_tails_that_it_does_not(string kind, int position, int records, string error)
    {
        byte[] damaged = kind == "truncate" ? s_first596[..position] : [.. s_first596];
        if (kind == "flip")
        {
            damaged[position] ^= 0x20;
        }

        (int read, TFRecordException? found) = ReadToTheEnd(damaged);

        Assert.Equal(records, read);
        long recordBegins = GoldenRecords.All.Take(records).Sum(record => record.Length + 16L);
        if (error.Length == 0 && position == recordBegins)
        {
            Assert.Null(found);
            return;
        }

        Assert.NotNull(found);
        Assert.Equal(ExpectedCheck(kind, position - recordBegins, GoldenRecords.All[records].Length), found.Check);
        Assert.Equal(recordBegins, found.Offset);
        Assert.Equal("damaged.tfrecord", found.File);
        Assert.StartsWith($"damaged.tfrecord, record at byte {recordBegins}: ", found.Message);
    }

    [Fact]
    public void Every_cut_and_every_flipped_bit_of_a_plain_file_is_an_error_or_a_shorter_file()
    {
        var boundaries = new HashSet<int> { 0 };
        foreach ((int length, _) in GoldenRecords.All.Take(8))
        {
            boundaries.Add(boundaries.Max() + length + 16);
        }

        for (int cut = 0; cut < s_first596.Length; cut++)
        {
            Assert.Equal(boundaries.Contains(cut), ReadToTheEnd(s_first596[..cut]).Error is null);
        }

        for (int bit = 0; bit < 8 * s_first596.Length; bit++)
        {
            byte[] damaged = [.. s_first596];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotNull(ReadToTheEnd(damaged).Error);
        }
    }

    [Fact]
    public void An_error_is_said_again_and_not_read_over()
    {
        byte[] damaged = [.. s_first596];
        damaged[400] ^= 1;
        using var reader = new TFRecordReader(new MemoryStream(damaged), "damaged.tfrecord");
        Assert.Throws<TFRecordException>(() => GoldenRecords.ReadAll(reader));
        TFRecordException again = Assert.Throws<TFRecordException>(() => reader.TryRead(out _));
        Assert.Equal(TFRecordCheck.DataCrc, again.Check);
    }

    [Property(MaxTest = 500)]
    public Property Random_bytes_end_in_records_or_the_typed_error(byte[] bytes)
    {
        (int read, TFRecordException? error) = ReadToTheEnd(bytes);
        return (read >= 0 && (error is not null || bytes.Length == 0)).ToProperty();
    }

    private static (int Read, TFRecordException? Error) ReadToTheEnd(byte[] file)
    {
        using var reader = new TFRecordReader(new MemoryStream(file), "damaged.tfrecord");
        try
        {
            GoldenRecords.ReadAll(reader);
            return ((int)reader.Records, null);
        }
        catch (TFRecordException error)
        {
            return ((int)reader.Records, error);
        }
    }

    private static TFRecordCheck ExpectedCheck(string kind, long within, int dataBytes) => (kind, within) switch
    {
        ("truncate", < 12) => TFRecordCheck.TruncatedHeader,
        ("truncate", _) => TFRecordCheck.TruncatedData,
        (_, < 12) => TFRecordCheck.LengthCrc,
        (_, var at) when at < 16 + dataBytes => TFRecordCheck.DataCrc,
        _ => throw new InvalidOperationException("The damage lies behind the record."),
    };
}
