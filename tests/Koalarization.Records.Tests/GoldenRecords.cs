using System.Text.Json;
using Koalarization.Records.Compression;
using Koalarization.Records.Framing;

namespace Koalarization.Records.Tests;

/// <summary>What TensorFlow wrote into <c>tfrecords/</c>.</summary>
internal static class GoldenRecords
{
    /// <summary>The data of each record of <c>tensorflow_*.tfrecord</c>; null where only the length is known.</summary>
    public static IReadOnlyList<(int Length, byte[]? Data)> All { get; } = Load();

    public static List<byte[]> ReadAll(Stream stream, RecordCompression? compression = null)
    {
        using var reader = new TFRecordReader(stream, "test", compression);
        return ReadAll(reader);
    }

    public static List<byte[]> ReadAll(TFRecordReader reader)
    {
        var records = new List<byte[]>();
        while (reader.TryRead(out ReadOnlyMemory<byte> record))
        {
            records.Add(record.ToArray());
        }

        return records;
    }

    private static List<(int Length, byte[]? Data)> Load()
    {
        using JsonDocument json = JsonDocument.Parse(Golden.Bytes("tfrecords/records.json"));
        return [.. json.RootElement.EnumerateArray().Select(record => (
            record.GetProperty("length").GetInt32(),
            record.GetProperty("hex").GetString() is { } hex ? Convert.FromHexString(hex) : null))];
    }
}
