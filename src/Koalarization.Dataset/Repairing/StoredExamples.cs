using System.Text;
using Koalarization.Dataset.Storage;
using Koalarization.Records.Compression;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Dataset.Repairing;

/// <summary>
/// What can still be read of a damaged record: Examples whose checksum is right, and of the others the bytes where their logits were written. Of a compressed
/// record the Examples before the damage.
/// </summary>
public sealed class StoredExamples
{
    private const int Logits = 1001;

    // Of a TFRecord: a length and its checksum before the data, the data's checksum behind it.
    private const int HeaderBytes = 12;
    private const int FooterBytes = 4;

    private readonly IDataStore _store;
    private readonly string _record;
    private readonly RecordCompression _compression;
    private readonly int[] _lengths;
    private readonly int[] _embeddings;
    private readonly byte[][] _names;

    /// <param name="store">The data set or folder.</param>
    /// <param name="record">The record's name in it.</param>
    /// <param name="compression">How the record was written.</param>
    /// <param name="pictures">Its pictures as they are named in it, in order.</param>
    /// <param name="size">Width and height of its pictures.</param>
    public StoredExamples(IDataStore store, string record, RecordCompression compression, IReadOnlyList<string> pictures, int size)
    {
        (_store, _record, _compression) = (store, record, compression);
        _names = [.. pictures.Select(Encoding.UTF8.GetBytes)];
        var buffer = new LabExampleBuffer(size, Logits);
        (_lengths, _embeddings) = (new int[_names.Length], new int[_names.Length]);
        for (int i = 0; i < _names.Length; i++)
        {
            buffer.Begin(_names[i]);
            (_lengths[i], _embeddings[i]) = (buffer.Record.Length, buffer.EmbeddingOffset);
        }
    }

    /// <summary>Reads what is left of each picture's Example, in order; empty where nothing is.</summary>
    public IEnumerable<StoredExample> Read() => _compression == RecordCompression.None ? ReadPlain() : ReadUntilDamage();

    private static bool Holds(ReadOnlyMemory<byte> example, ReadOnlySpan<byte> name)
    {
        try
        {
            return LabRecord.Parse(example).NameUtf8.SequenceEqual(name);
        }
        catch (ExampleException)
        {
            return false;
        }
    }

    private IEnumerable<StoredExample> ReadPlain()
    {
        using Stream file = OpenOrEmpty();
        for (int i = 0; i < _names.Length; i++)
        {
            var frame = new byte[HeaderBytes + _lengths[i] + FooterBytes];
            int read = file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false);
            yield return read == frame.Length ? Of(frame, i) : StoredExample.None;
        }
    }

    private StoredExample Of(byte[] frame, int picture)
    {
        ReadOnlyMemory<byte> example = frame.AsMemory(HeaderBytes, _lengths[picture]);
        return IsWhole(frame) && Holds(example, _names[picture])
            ? new StoredExample(example, default)
            : new StoredExample(default, example.Slice(_embeddings[picture], Logits * sizeof(float)));
    }

    private bool IsWhole(byte[] frame)
    {
        try
        {
            using var content = new MemoryStream(frame);
            using var reader = new TFRecordReader(content, _record, RecordCompression.None);
            return reader.TryRead(out _);
        }
        catch (TFRecordException)
        {
            return false;
        }
    }

    private IEnumerable<StoredExample> ReadUntilDamage()
    {
        using Stream file = OpenOrEmpty();
        using TFRecordReader? reader = file.Length > 0 ? new TFRecordReader(file, _record, _compression) : null;
        bool goesOn = reader is not null;
        for (int i = 0; i < _names.Length; i++)
        {
            ReadOnlyMemory<byte> example = default;
            goesOn = goesOn && TryRead(reader!, out example) && Holds(example, _names[i]);
            yield return goesOn ? new StoredExample(example, default) : StoredExample.None;
        }
    }

    private static bool TryRead(TFRecordReader reader, out ReadOnlyMemory<byte> example)
    {
        try
        {
            return reader.TryRead(out example);
        }
        catch (IOException)
        {
            example = default;
            return false;
        }
    }

    private Stream OpenOrEmpty()
    {
        try
        {
            return _store.SizeOf(_record) is null ? new MemoryStream() : _store.Open(_record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new MemoryStream();
        }
    }
}

/// <summary>What is left of a picture's Example.</summary>
/// <param name="Whole">The Example, if its checksum is right.</param>
/// <param name="Logits">Else the bytes where its logits were written, which may be damaged too.</param>
public readonly record struct StoredExample(ReadOnlyMemory<byte> Whole, ReadOnlyMemory<byte> Logits)
{
    /// <summary>Nothing.</summary>
    public static StoredExample None { get; }
}
