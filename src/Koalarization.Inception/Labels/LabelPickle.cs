using System.Buffers.Binary;
using System.Globalization;

namespace Koalarization.Inception.Labels;

/// <summary>
/// Reads a pickle of one shape, a dict from the numbers 0 to 999 to strings. It knows no opcode that could run anything, and takes
/// memory in proportion to the file.
/// </summary>
internal static class LabelPickle
{
    private const int NewestProtocol = 5;

    /// <summary>1000 names.</summary>
    public static string[] Read(string path, ReadOnlySpan<byte> file)
    {
        var bytes = new PickleBytes(path, file);
        var stack = new PickleStack();
        try
        {
            while (true)
            {
                int at = bytes.Offset;
                var opcode = (PickleOpcode)bytes.Byte();
                if (opcode == PickleOpcode.Stop)
                {
                    return Finish(path, bytes, stack);
                }

                if (!TryPush(opcode, ref bytes, stack) && !TryArrange(opcode, ref bytes, stack))
                {
                    string code = ((byte)opcode).ToString("X2", CultureInfo.InvariantCulture);
                    throw new LabelsException(
                        path, at, $"opcode 0x{code} does not belong in a dict of numbers and names; the file is rejected and nothing of it was run");
                }
            }
        }
        catch (PickleStack.MisuseException misuse)
        {
            throw bytes.Refusal(misuse.Message);
        }
    }

    private static bool TryPush(PickleOpcode opcode, ref PickleBytes bytes, PickleStack stack)
    {
        object? value = opcode switch
        {
            PickleOpcode.Int => bytes.DecimalLine([]),
            PickleOpcode.Long => bytes.DecimalLine("L"u8),
            PickleOpcode.BinInt => bytes.Int32(),
            PickleOpcode.BinInt1 => (int)bytes.Byte(),
            PickleOpcode.BinInt2 => bytes.UInt16(),
            PickleOpcode.Long1 => bytes.Integer(bytes.Byte()),
            PickleOpcode.String => PickleText.FromLiteral(bytes.Line()) is { } literal
                ? PickleText.FromBytes(literal)
                : throw bytes.Refusal("a string is not a quoted literal"),
            PickleOpcode.BinString => PickleText.FromBytes(bytes.Take(bytes.UInt32())),
            PickleOpcode.ShortBinString => PickleText.FromBytes(bytes.Take(bytes.Byte())),
            PickleOpcode.Unicode => PickleText.FromRawUnicodeEscape(bytes.Line()) ?? throw bytes.Refusal("a string has a broken escape"),
            PickleOpcode.BinUnicode => PickleText.FromUtf8(bytes.Take(bytes.UInt32())),
            PickleOpcode.ShortBinUnicode => PickleText.FromUtf8(bytes.Take(bytes.Byte())),
            PickleOpcode.BinUnicode8 => PickleText.FromUtf8(bytes.Take(bytes.UInt64())),
            _ => null,
        };
        if (value is not null)
        {
            stack.Push(value);
        }

        return value is not null;
    }

    private static bool TryArrange(PickleOpcode opcode, ref PickleBytes bytes, PickleStack stack)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                return bytes.Byte() <= NewestProtocol ? true : throw bytes.Refusal("the pickle's protocol is newer than 5");
            case PickleOpcode.Frame:
                // A frame says how much may be read at once; the file lies in memory already.
                bytes.UInt64();
                return true;
            case PickleOpcode.Mark:
                stack.PushMark();
                return true;
            case PickleOpcode.EmptyDict:
                stack.PushDict();
                return true;
            case PickleOpcode.Dict:
                stack.MakeDict();
                return true;
            case PickleOpcode.SetItem:
                stack.SetItem();
                return true;
            case PickleOpcode.SetItems:
                stack.SetItems();
                return true;
            case PickleOpcode.Put:
                stack.Remember((uint)bytes.DecimalLine([]));
                return true;
            case PickleOpcode.BinPut:
                stack.Remember(bytes.Byte());
                return true;
            case PickleOpcode.LongBinPut:
                stack.Remember(bytes.UInt32());
                return true;
            case PickleOpcode.Memoize:
                stack.RememberNext();
                return true;
            case PickleOpcode.Get:
                stack.Recall((uint)bytes.DecimalLine([]));
                return true;
            case PickleOpcode.BinGet:
                stack.Recall(bytes.Byte());
                return true;
            case PickleOpcode.LongBinGet:
                stack.Recall(bytes.UInt32());
                return true;
            default:
                return false;
        }
    }

    private static string[] Finish(string path, PickleBytes bytes, PickleStack stack)
    {
        if (!bytes.IsAtEnd)
        {
            throw bytes.Refusal("bytes follow the pickle's end");
        }

        IReadOnlyDictionary<int, string> names = stack.OnlyDict();
        var ordered = new string[ImageNetLabels.Classes];
        for (int i = 0; i < ordered.Length; i++)
        {
            ordered[i] = names.TryGetValue(i, out string? name)
                ? name
                : throw new LabelsException(path, offset: null, $"the dict has no name for class {i}");
        }

        return names.Count == ordered.Length
            ? ordered
            : throw new LabelsException(path, offset: null, $"the dict has {names.Count} entries where 1000 belong");
    }
}

/// <summary>
/// The opcodes that a dict of numbers and strings is written with (Python's <c>pickletools</c>, protocols 0 to 5). What looks up,
/// builds or calls anything is not among them.
/// </summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(',
    Stop = (byte)'.',
    Int = (byte)'I',
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    Long = (byte)'L',
    BinInt2 = (byte)'M',
    String = (byte)'S',
    BinString = (byte)'T',
    ShortBinString = (byte)'U',
    Unicode = (byte)'V',
    BinUnicode = (byte)'X',
    Dict = (byte)'d',
    Get = (byte)'g',
    BinGet = (byte)'h',
    LongBinGet = (byte)'j',
    Put = (byte)'p',
    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    SetItem = (byte)'s',
    SetItems = (byte)'u',
    EmptyDict = (byte)'}',
    Proto = 0x80,
    Long1 = 0x8A,
    ShortBinUnicode = 0x8C,
    BinUnicode8 = 0x8D,
    Memoize = 0x94,
    Frame = 0x95,
}

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
