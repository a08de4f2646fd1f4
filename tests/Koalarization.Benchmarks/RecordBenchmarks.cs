using System.IO.Compression;
using System.Text;
using BenchmarkDotNet.Attributes;
using Koalarization.Records.Compression;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Benchmarks;

/// <summary>
/// One picture's record of 1,076,957 bytes and what surrounds it. Bounded by memory bandwidth: a checksum reads it once, writing
/// copies it once.
/// </summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private static readonly byte[] s_name = Encoding.UTF8.GetBytes("data/resized/a_picture_of_a_koala.jpg");

    private readonly LabExampleBuffer _buffer = new(299, 1001);
    private readonly float[] _luminance = new float[299 * 299];
    private readonly float[] _ab = new float[2 * 299 * 299];
    private readonly float[] _embedding = new float[1001];
    private byte[] _record = [];
    private byte[] _plainFile = [];
    private byte[] _gzipFile = [];
    private byte[] _target = [];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        Fill(_luminance, random);
        Fill(_ab, random);
        Fill(_embedding, random);
        _buffer.Begin(s_name);
        _record = new byte[LabExample.Size(s_name.Length, 299, 1001)];
        LabExample.Write(s_name, _luminance, _ab, _embedding, _record);
        _plainFile = TenRecords(RecordCompression.None);
        _gzipFile = TenRecords(RecordCompression.Gzip);
        _target = new byte[2 * _record.Length];
    }

    [Benchmark]
    public uint Checksum() => Crc32C.Compute(_record);

    [Benchmark]
    public uint ChecksumPortable() => Crc32CPortable.Update(uint.MaxValue, _record);

    [Benchmark]
    public int Encode() => LabExample.Write(s_name, _luminance, _ab, _embedding, _record);

    [Benchmark]
    public int Decode() => LabRecord.Parse(_record).Size;

    /// <summary>What a writer does for a picture whose floats lie in the record already.</summary>
    [Benchmark]
    public long BeginAndAppend()
    {
        using var file = new MemoryStream(_target);
        using var writer = new TFRecordWriter(file);
        _buffer.Begin(s_name);
        writer.Append(_buffer.Record.Span);
        writer.Complete();
        return file.Position;
    }

    [Benchmark]
    public long ReadTenRecords() => ReadAll(_plainFile);

    [Benchmark]
    public long ReadTenGzipRecords() => ReadAll(_gzipFile);

    private static long ReadAll(byte[] file)
    {
        using var reader = new TFRecordReader(new MemoryStream(file), "benchmark");
        long bytes = 0;
        while (reader.TryRead(out ReadOnlyMemory<byte> record))
        {
            bytes += record.Length;
        }

        return bytes;
    }

    private static void Fill(float[] floats, Random random)
    {
        for (int i = 0; i < floats.Length; i++)
        {
            // As colours are: one of a few hundred values.
            floats[i] = (random.Next(256) / 127.5f) - 1;
        }
    }

    private byte[] TenRecords(RecordCompression compression)
    {
        var file = new MemoryStream();
        using var writer = new TFRecordWriter(file, compression, CompressionLevel.Fastest);
        for (int i = 0; i < 10; i++)
        {
            writer.Append(_record);
        }

        writer.Complete();
        return file.ToArray();
    }
}
