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
    private readonly IDataStore _store;
    private readonly string _record;
    private readonly RecordCompression _compression;
    private readonly int[] _lengths;
    private readonly int[] _embeddings;
    private readonly byte[][] _names;
    private readonly int _logits;

    /// <param name="store">The data set or folder.</param>
    /// <param name="record">The record's name in it.</param>
    /// <param name="compression">How the record was written.</param>
    /// <param name="pictures">Its pictures as they are named in it, in order.</param>
    /// <param name="size">Width and height of its pictures.</param>
    /// <param name="logits">How many logits a picture has.</param>
    public StoredExamples(IDataStore store, string record, RecordCompression compression, IReadOnlyList<string> pictures, int size, int logits)
    {
        (_store, _record, _compression, _logits) = (store, record, compression, logits);
        _names = [.. pictures.Select(Encoding.UTF8.GetBytes)];
        var buffer = new LabExampleBuffer(size, logits);
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
            var frame = new byte[TFRecordFrame.HeaderBytes + _lengths[i] + TFRecordFrame.FooterBytes];
            int read = file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false);
            yield return read == frame.Length ? Of(frame, i) : StoredExample.None;
        }
    }

    private StoredExample Of(byte[] frame, int picture)
    {
        ReadOnlyMemory<byte> example = frame.AsMemory(TFRecordFrame.HeaderBytes, _lengths[picture]);
        return IsWhole(frame, example.Span) && Holds(example, _names[picture])
            ? new StoredExample(example, default)
            : new StoredExample(default, example.Slice(_embeddings[picture], _logits * sizeof(float)));
    }

    private static bool IsWhole(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> example) =>
        TFRecordFrame.TryReadHeader(frame[..TFRecordFrame.HeaderBytes], out ulong bytes) && bytes == (ulong)example.Length
        && TFRecordFrame.FooterMatches(frame[^TFRecordFrame.FooterBytes..], example);

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
