using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Records.Compression;
using Koalarization.Records.Framing;

namespace Koalarization.Records.Tests.Compression;

public sealed class CompressionTests
{
    public static TheoryData<RecordCompression> Compressions => new() { RecordCompression.Gzip, RecordCompression.Zlib };

    [Theory]
    [InlineData("none", RecordCompression.None)]
    [InlineData("gzip", RecordCompression.Gzip)]
    [InlineData("zlib", RecordCompression.Zlib)]
    public void An_empty_file_is_the_one_TensorFlow_writes(string name, RecordCompression compression)
    {
        byte[] expected = Golden.Bytes($"tfrecords/tensorflow_empty_{name}.tfrecord");
        byte[] written = Written(compression, []);

        // TensorFlow names no operating system or level the same way everywhere; what counts is that it reads as its own does.
        Assert.Equal(expected.Length, written.Length);
        Assert.Empty(GoldenRecords.ReadAll(new MemoryStream(written), compression));
    }

    [Fact]
    public void A_gzip_file_has_no_name_and_no_time()
    {
        byte[] written = Written(RecordCompression.Gzip, [[1, 2, 3]]);
        Assert.Equal([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], written[..8]);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Equal_records_give_equal_bytes(RecordCompression compression)
    {
        byte[][] records = [new byte[100_000], [1, 2, 3], []];
        Assert.Equal(Written(compression, records), Written(compression, records));
    }

    [Fact]
    public void A_harder_level_gives_a_smaller_file()
    {
        byte[] record = Golden.Bytes("records/docs_299_lab_images_0.tfrecord");
        int fast = Written(RecordCompression.Gzip, [record], CompressionLevel.Fastest).Length;
        int small = Written(RecordCompression.Gzip, [record], CompressionLevel.SmallestSize).Length;
        Assert.True(small < fast, $"{small} < {fast}");
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Every_cut_of_a_compressed_file_is_an_error(RecordCompression compression)
    {
        byte[] whole = Written(compression, [[1, 2, 3], new byte[1000], "koala"u8.ToArray()]);
        Assert.Equal(3, GoldenRecords.ReadAll(new MemoryStream(whole), compression).Count);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.Throws<TFRecordException>(() => GoldenRecords.ReadAll(new MemoryStream(cut), compression));
        }
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Every_cut_of_an_empty_compressed_file_is_an_error(RecordCompression compression)
    {
        byte[] whole = Written(compression, []);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.Throws<TFRecordException>(() => GoldenRecords.ReadAll(new MemoryStream(cut), compression));
        }
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Every_flipped_bit_gives_the_same_records_or_an_error(RecordCompression compression)
    {
        byte[][] records = [[1, 2, 3], new byte[500], "koala"u8.ToArray()];
        byte[] whole = Written(compression, records);
        int errors = 0;
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(records, GoldenRecords.ReadAll(new MemoryStream(damaged), compression));
            }
            catch (TFRecordException)
            {
                errors++;
            }
        }

        // A gzip header's time, operating system and flags may be anything.
        Assert.InRange(errors, 8 * (whole.Length - 10), 8 * whole.Length);
    }

    [Fact]
    public void A_zlib_stream_that_wants_a_dictionary_is_an_error()
    {
        byte[] file = [0x78, 0xBB, 1, 2, 3, 4, 3, 0, 0, 0, 0, 1];
        TFRecordException error = Assert.Throws<TFRecordException>(() => GoldenRecords.ReadAll(new MemoryStream(file)));
        Assert.Equal(TFRecordCheck.Compression, error.Check);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_not_called_damaged()
    {
        var file = new FailingStream(Golden.Bytes("tfrecords/tensorflow_gzip.tfrecord"));
        IOException error = Assert.ThrowsAny<IOException>(() => GoldenRecords.ReadAll(file));
        Assert.Equal("Stale file handle", error.Message);
    }

    [Property(MaxTest = 1000)]
    public Property Random_bytes_behind_a_good_header_end_in_the_typed_error(byte[] bytes, bool isGzip)
    {
        byte[] header = isGzip ? [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] : [0x78, 0x9C];
        Assert.Throws<TFRecordException>(() => GoldenRecords.ReadAll(new MemoryStream([.. header, .. bytes])));
        return true.ToProperty();
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Bytes_after_the_end_are_an_error(RecordCompression compression)
    {
        byte[] whole = Written(compression, [[1, 2, 3]]);
        byte[] other = Written(compression, []);
        foreach (byte[] more in (byte[][])[[0], [1, 2, 3, 4, 5, 6, 7, 8], new byte[512], new byte[100_000], other])
        {
            TFRecordException error = Assert.Throws<TFRecordException>(
                () => GoldenRecords.ReadAll(new MemoryStream([.. whole, .. more]), compression));
            Assert.Equal((TFRecordCheck.Compression, 19L), (error.Check, error.Offset));
        }
    }

    [Fact]
    public void Adler32_of_the_usual_example_is_the_published_one() =>
        Assert.Equal(0x11E60398u, Adler32.Append(Adler32.Empty, "Wikipedia"u8));

    [Fact]
    public void Adler32_does_not_overflow_on_long_runs_of_the_largest_byte()
    {
        byte[] data = [.. Enumerable.Repeat((byte)0xFF, 1_000_000)];
        ulong low = 1;
        ulong high = 0;
        foreach (byte value in data)
        {
            low = (low + value) % 65521;
            high = (high + low) % 65521;
        }

        Assert.Equal((uint)((high << 16) | low), Adler32.Append(Adler32.Empty, data));
    }

    private static byte[] Written(
        RecordCompression compression, byte[][] records, CompressionLevel level = CompressionLevel.Optimal)
    {
        var stream = new MemoryStream();
        using var writer = new TFRecordWriter(stream, compression, level);
        foreach (byte[] record in records)
        {
            writer.Append(record);
        }

        writer.Complete();
        return stream.ToArray();
    }

    private sealed class FailingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) =>
            Position < 100_000 ? base.Read(buffer) : throw new IOException("Stale file handle");
    }
}
