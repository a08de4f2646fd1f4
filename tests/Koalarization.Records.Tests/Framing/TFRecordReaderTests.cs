using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Records.Compression;
using Koalarization.Records.Framing;

namespace Koalarization.Records.Tests.Framing;

public sealed class TFRecordReaderTests
{
    [Theory]
    [InlineData("none", RecordCompression.None)]
    [InlineData("gzip", RecordCompression.Gzip)]
    [InlineData("zlib", RecordCompression.Zlib)]
    public void Reads_what_TensorFlow_wrote(string name, RecordCompression compression)
    {
        using TFRecordReader reader = TFRecordReader.Open(Golden.PathOf($"tfrecords/tensorflow_{name}.tfrecord"));
        List<byte[]> records = GoldenRecords.ReadAll(reader);

        Assert.Equal(compression, reader.Compression);
        Assert.Equal(GoldenRecords.All.Count, records.Count);
        Assert.Equal(280_637, reader.Offset);
        foreach (((int length, byte[]? data), byte[] record) in GoldenRecords.All.Zip(records))
        {
            Assert.Equal(length, record.Length);
            Assert.Equal(data ?? record, record);
        }
    }

    [Theory]
    [InlineData("none", RecordCompression.None)]
    [InlineData("gzip", RecordCompression.Gzip)]
    [InlineData("zlib", RecordCompression.Zlib)]
    public void Reads_no_record_from_an_empty_file(string name, RecordCompression compression)
    {
        using TFRecordReader reader = TFRecordReader.Open(Golden.PathOf($"tfrecords/tensorflow_empty_{name}.tfrecord"));
        Assert.Equal(compression, reader.Compression);
        Assert.False(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData("gzip", RecordCompression.Gzip)]
    [InlineData("zlib", RecordCompression.Zlib)]
    public void Takes_a_given_compression_on_trust(string name, RecordCompression compression)
    {
        using FileStream file = File.OpenRead(Golden.PathOf($"tfrecords/tensorflow_{name}.tfrecord"));
        Assert.Equal(GoldenRecords.All.Count, GoldenRecords.ReadAll(file, compression).Count);
    }

    [Fact]
    public void Reads_a_stream_that_gives_a_byte_at_a_time()
    {
        byte[] file = Golden.Bytes("tfrecords/tensorflow_none.tfrecord");
        Assert.Equal(GoldenRecords.All.Count, GoldenRecords.ReadAll(new TricklingStream(file, 1)).Count);
    }

    // 0x8B1F is a gzip file's first two bytes, and this record's length.
    [Theory]
    [InlineData(0x8B1F)]
    [InlineData(0x9C78)]
    public void Does_not_take_a_plain_file_for_a_compressed_one_by_its_first_length(int length)
    {
        var stream = new MemoryStream();
        using (var writer = new TFRecordWriter(stream))
        {
            writer.Append(new byte[length]);
            writer.Complete();
        }

        stream.Position = 0;
        Assert.Equal(length, Assert.Single(GoldenRecords.ReadAll(stream)).Length);
    }

    [Fact]
    public void A_length_of_2_to_the_60_is_refused_and_takes_no_memory()
    {
        byte[] file = new byte[64];
        TFRecordFrame.WriteHeader(file, 1UL << 60);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TFRecordException error = Assert.Throws<TFRecordException>(() => GoldenRecords.ReadAll(new MemoryStream(file)));

        Assert.Equal(TFRecordCheck.LengthTooLarge, error.Check);
        Assert.Contains("1152921504606846976", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(1000)]
    public void A_length_within_the_limit_takes_little_more_memory_than_the_file_has(int bytesAtATime)
    {
        byte[] file = new byte[100_000];
        TFRecordFrame.WriteHeader(file, 200_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TFRecordException error = Assert.Throws<TFRecordException>(() => GoldenRecords.ReadAll(new TricklingStream(file, bytesAtATime)));

        Assert.Equal(TFRecordCheck.TruncatedData, error.Check);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    // On both sides of what is taken on trust, and through several doublings.
    [Theory]
    [InlineData(2_097_135)]
    [InlineData(2_097_136)]
    [InlineData(2_097_137)]
    [InlineData(9_000_000)]
    public void Long_records_are_read_whole_between_short_ones(int length)
    {
        byte[] record = new byte[length];
        new Random(length).NextBytes(record);
        var stream = new MemoryStream();
        using var writer = new TFRecordWriter(stream);
        byte[][] records = [[1], record, [], record, [2, 3]];
        Array.ForEach(records, each => writer.Append(each));
        writer.Complete();

        stream.Position = 0;
        List<byte[]> read = GoldenRecords.ReadAll(stream);
        Assert.True(records.Zip(read).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)) && read.Count == records.Length);
    }

    [Fact]
    public void The_longest_record_accepted_is_the_callers_to_say()
    {
        byte[] file = Golden.Bytes("tfrecords/tensorflow_none.tfrecord");
        using var reader = new TFRecordReader(new MemoryStream(file), "big.tfrecord", maxRecordBytes: 280_024);
        TFRecordException error = Assert.Throws<TFRecordException>(() => GoldenRecords.ReadAll(reader));
        Assert.Equal((TFRecordCheck.LengthTooLarge, 596L), (error.Check, error.Offset));
    }

    [Property(MaxTest = 200)]
    public Property What_was_written_is_read(byte[][] records, int seed)
    {
        var random = new Random(seed);
        var compression = (RecordCompression)random.Next(3);
        List<byte[]> written = [.. records.Select(record => random.Next(8) == 0 ? Longer(record, random) : record)];
        var stream = new MemoryStream();
        using (var writer = new TFRecordWriter(stream, compression))
        {
            written.ForEach(record => writer.Append(record));
            writer.Complete();
        }

        stream.Position = 0;
        List<byte[]> read = GoldenRecords.ReadAll(stream);
        return (read.Count == written.Count && read.Zip(written).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))).ToProperty();
    }

    private static byte[] Longer(byte[] record, Random random) => [.. record, .. new byte[random.Next(300_000)]];

    private sealed class TricklingStream(byte[] bytes, int bytesAtATime) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, bytesAtATime)]);
    }
}
