using System.Buffers.Binary;
using System.Globalization;

namespace Koalarization.Inception.Labels;

/// <summary>The operands of a pickle's opcodes, read in order and never past the end.</summary>
internal ref struct PickleBytes(string path, ReadOnlySpan<byte> file)
{
    private readonly ReadOnlySpan<byte> _file = file;

    public int Offset { get; private set; }

    public readonly bool IsAtEnd => Offset == _file.Length;

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>A little-endian two's complement number of so many bytes, none for 0.</summary>
    public int Integer(int bytes)
    {
        if (bytes > sizeof(int))
        {
            throw Refusal("a number is out of the range of class numbers");
        }

        int value = 0;
        ReadOnlySpan<byte> digits = Take(bytes);
        for (int i = 0; i < bytes; i++)
        {
            value |= digits[i] << (8 * i);
        }

        int unused = 32 - (8 * bytes);
        return bytes == 0 ? 0 : value << unused >> unused;
    }

    /// <summary>The bytes up to the next line feed, which is passed over.</summary>
    public ReadOnlySpan<byte> Line()
    {
        int length = _file[Offset..].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Refusal("the pickle ends within a line");
        }

        ReadOnlySpan<byte> line = Take(length);
        Offset++;
        return line;
    }

    /// <summary>A decimal number on a line of its own.</summary>
    public int DecimalLine(ReadOnlySpan<byte> suffix)
    {
        ReadOnlySpan<byte> line = Line();
        if (line.EndsWith(suffix))
        {
            line = line[..^suffix.Length];
        }

        // 00 and 01 are how protocol 0 writes false and true.
        bool isNumber = int.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value);
        return isNumber && line is not [(byte)'0', _] ? value : throw Refusal("a line is not a class number");
    }

    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_file.Length - Offset))
        {
            throw Refusal("the pickle ends too early");
        }

        ReadOnlySpan<byte> taken = _file.Slice(Offset, (int)count);
        Offset += taken.Length;
        return taken;
    }

    public readonly LabelsException Refusal(string problem) => new(path, Offset, problem);

    private ReadOnlySpan<byte> Take(int count) => Take((ulong)count);
}
