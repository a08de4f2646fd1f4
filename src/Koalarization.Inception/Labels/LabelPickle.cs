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
