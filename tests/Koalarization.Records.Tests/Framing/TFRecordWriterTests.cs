
using Koalarization.Records.Compression;
using Koalarization.Records.Framing;

namespace Koalarization.Records.Tests.Framing;

public sealed class TFRecordWriterTests
{
    [Fact]
    public void Writes_the_bytes_that_TensorFlow_writes()
    {
        byte[] file = Golden.Bytes("tfrecords/tensorflow_none.tfrecord");
        var stream = new MemoryStream();
        using var writer = new TFRecordWriter(stream);
        foreach (byte[] record in GoldenRecords.ReadAll(new MemoryStream(file)))
        {
            writer.Append(record);
        }

        writer.Complete();
        Assert.Equal(file, stream.ToArray());
        Assert.Equal((9, file.Length), (writer.Records, writer.UncompressedBytes));
    }

    [Theory]
    [InlineData(RecordCompression.None)]
    [InlineData(RecordCompression.Gzip)]
    [InlineData(RecordCompression.Zlib)]
    public void A_file_that_was_not_completed_is_not_a_good_one(RecordCompression compression)
    {
        var stream = new MemoryStream();
        using (var writer = new TFRecordWriter(stream, compression))
        {
            writer.Append(new byte[1000]);
            writer.Append(new byte[1_000_000]);
            writer.Append([1, 2, 3]);
        }

        stream.Position = 0;
        Assert.Throws<TFRecordException>(() => GoldenRecords.ReadAll(stream, compression));
    }

    [Theory]
    [InlineData(RecordCompression.None)]
    [InlineData(RecordCompression.Gzip)]
    public void What_was_flushed_can_be_read_by_another(RecordCompression compression)
    {
        var stream = new MemoryStream();
        using var writer = new TFRecordWriter(stream, compression);
        writer.Append([1, 2, 3]);
        writer.Flush();
        using var reader = new TFRecordReader(new MemoryStream(stream.ToArray()), "growing", compression);
        Assert.True(reader.TryRead(out ReadOnlyMemory<byte> record));
        Assert.Equal([1, 2, 3], record.ToArray());
    }

    [Fact]
    public void After_a_failed_write_it_refuses_to_go_on()
    {
        using var writer = new TFRecordWriter(new FullStream());
        Assert.Throws<IOException>(() => writer.Append(new byte[100_000]));
        Assert.Throws<InvalidOperationException>(() => writer.Append([1]));
        Assert.Throws<InvalidOperationException>(writer.Complete);
    }

    [Fact]
    public void A_completed_file_takes_no_more()
    {
        using var writer = new TFRecordWriter(new MemoryStream());
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.Append([1]));
    }

    [Fact]
    public void Closes_the_stream_only_when_told()
    {
        var kept = new MemoryStream();
        new TFRecordWriter(kept).Dispose();
        Assert.True(kept.CanWrite);

        var handedOver = new MemoryStream();
        new TFRecordWriter(handedOver, leaveOpen: false).Dispose();
        Assert.False(handedOver.CanWrite);
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device.");
    }
}
