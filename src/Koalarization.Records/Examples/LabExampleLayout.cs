using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Koalarization.Records.Examples;

/// <summary>Where everything lies in a picture's encoded record; drawn in this project's README.</summary>
internal sealed class LabExampleLayout
{
    private const byte FirstField = 0x0A;
    private const byte SecondField = 0x12;
    private const byte BytesList = 0x0A;
    private const byte FloatList = 0x12;

    private readonly int _nameBytes;
    private readonly int _size;
    private readonly int _logits;
    private readonly int _featuresBytes;

    public LabExampleLayout(int nameBytes, int size, int logits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nameBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nameBytes, LabExample.MaxNameBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LabExample.MaxSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(logits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(logits, LabExample.MaxLogits);
        _nameBytes = nameBytes;
        _size = size;
        _logits = logits;
        _featuresBytes = Field(FloatEntry(LabFeatures.Ab, AbFloats))
            + Field(FloatEntry(LabFeatures.Embedding, logits))
            + Field(FloatEntry(LabFeatures.Luminance, LuminanceFloats))
            + Field(Entry(LabFeatures.Name, nameBytes));
        Bytes = Field(_featuresBytes);
    }

    /// <summary>The record's length.</summary>
    public int Bytes { get; }

    private int LuminanceFloats => _size * _size;

    private int AbFloats => 2 * _size * _size;

    public bool Fits(int nameBytes) => nameBytes == _nameBytes;

    /// <summary>Writes everything but the floats, and says where those belong.</summary>
    public LabExampleOffsets WriteFrame(ReadOnlySpan<byte> nameUtf8, Span<byte> record)
    {
        var writer = new WireWriter(record[..Bytes]);
        writer.Header(FirstField, _featuresBytes);
        int ab = FloatEntryHeader(ref writer, LabFeatures.Ab, AbFloats);
        int embedding = FloatEntryHeader(ref writer, LabFeatures.Embedding, _logits);
        int luminance = FloatEntryHeader(ref writer, LabFeatures.Luminance, LuminanceFloats);
        EntryHeader(ref writer, LabFeatures.Name, BytesList, _nameBytes);
        writer.Bytes(nameUtf8);
        return new LabExampleOffsets(ab, embedding, luminance);
    }

    public Span<float> Ab(Span<byte> record, LabExampleOffsets offsets) => Floats(record, offsets.Ab, AbFloats);

    public Span<float> Embedding(Span<byte> record, LabExampleOffsets offsets) => Floats(record, offsets.Embedding, _logits);

    public Span<float> Luminance(Span<byte> record, LabExampleOffsets offsets) => Floats(record, offsets.Luminance, LuminanceFloats);

    private static Span<float> Floats(Span<byte> record, int at, int floats) =>
        MemoryMarshal.Cast<byte, float>(record.Slice(at, floats * sizeof(float)));

    private static int FloatEntryHeader(ref WireWriter writer, string key, int floats)
    {
        EntryHeader(ref writer, key, FloatList, floats * sizeof(float));
        int at = writer.Written;
        writer.Leave(floats * sizeof(float));
        return at;
    }

    private static void EntryHeader(ref WireWriter writer, string key, byte list, int valueBytes)
    {
        writer.Header(FirstField, Entry(key, valueBytes));
        writer.Header(FirstField, key.Length);
        writer.Ascii(key);
        writer.Header(SecondField, Field(Field(valueBytes)));
        writer.Header(list, Field(valueBytes));
        writer.Header(FirstField, valueBytes);
    }

    private static int FloatEntry(string key, int floats) => Entry(key, floats * sizeof(float));

    // Key; Feature, in it the list of its kind, in that the values.
    private static int Entry(string key, int valueBytes) => Field(key.Length) + Field(Field(Field(valueBytes)));

    private static int Field(int contentBytes) => 1 + WireWriter.VarintBytes((uint)contentBytes) + contentBytes;
}

/// <summary>Where the three lists of floats begin in a picture's record.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LabExampleOffsets(int Ab, int Embedding, int Luminance);

/// <summary>Writes protocol buffer fields one after the other, lengths as the shortest varints.</summary>
internal ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Written { get; private set; }

    public static int VarintBytes(uint value) => ((BitOperations.Log2(value | 1) * 9) + 73) / 64;

    /// <summary>Writes a tag and the length of what follows it.</summary>
    public void Header(byte tag, int contentBytes)
    {
        _destination[Written++] = tag;
        uint length = (uint)contentBytes;
        while (length >= 0x80)
        {
            _destination[Written++] = (byte)(length | 0x80);
            length >>= 7;
        }

        _destination[Written++] = (byte)length;
    }

    public void Ascii(string text) => Written += Encoding.ASCII.GetBytes(text, _destination[Written..]);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Written..]);
        Written += bytes.Length;
    }

    /// <summary>Passes over bytes that someone else fills.</summary>
    public void Leave(int bytes) => Written += bytes;
}
