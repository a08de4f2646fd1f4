namespace Koalarization.Records.Examples;

/// <summary>Walks the fields of one protocol buffer message, never past its end.</summary>
internal struct WireReader(ReadOnlyMemory<byte> message, int offset)
{
    private const int MaxVarintBytes = 10;
    private const int MaxNestedGroups = 64;

    private int _at;

    /// <summary>Where the next byte lies in the whole record.</summary>
    public readonly int Offset => offset + _at;

    public readonly bool IsAtEnd => _at == message.Length;

    private readonly ReadOnlySpan<byte> Rest => message.Span[_at..];

    /// <summary>Reads the next tag; false at the message's end.</summary>
    public bool TryReadTag(out int field, out WireType type)
    {
        if (IsAtEnd)
        {
            (field, type) = (0, default);
            return false;
        }

        int tagAt = Offset;
        ulong tag = ReadVarint();
        field = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        if (tag > uint.MaxValue || field == 0 || type > WireType.Fixed32)
        {
            throw new ExampleException(tagAt, "no protocol buffer field begins here");
        }

        return true;
    }

    public ulong ReadVarint()
    {
        ReadOnlySpan<byte> rest = Rest;
        ulong value = 0;
        for (int i = 0; i < Math.Min(rest.Length, MaxVarintBytes); i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                _at += i + 1;
                return value;
            }
        }

        throw new ExampleException(
            Offset, rest.Length < MaxVarintBytes ? "the record ends within a number" : "a number is longer than ten bytes");
    }

    /// <summary>Reads a length and the bytes it announces, and says where those begin in the record.</summary>
    public ReadOnlyMemory<byte> ReadBytes(out int bytesOffset)
    {
        int lengthAt = Offset;
        ulong length = ReadVarint();
        if (length > (ulong)(message.Length - _at))
        {
            throw new ExampleException(lengthAt, $"a field of {length} bytes does not fit into the {message.Length - _at} that are left");
        }

        bytesOffset = Offset;
        return Take((int)length);
    }

    public ReadOnlyMemory<byte> ReadFixed32() => TakeFixed(sizeof(uint));

    /// <summary>A message inside this one.</summary>
    public WireReader ReadMessage()
    {
        ReadOnlyMemory<byte> bytes = ReadBytes(out int at);
        return new WireReader(bytes, at);
    }

    /// <summary>Passes over the value of a field that is not known.</summary>
    public void Skip(int field, WireType type) => Skip(field, type, MaxNestedGroups);

    private void Skip(int field, WireType type, int groupsAllowed)
    {
        switch (type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                TakeFixed(sizeof(ulong));
                break;
            case WireType.LengthDelimited:
                ReadBytes(out _);
                break;
            case WireType.StartGroup when groupsAllowed > 0:
                SkipGroup(field, groupsAllowed - 1);
                break;
            case WireType.Fixed32:
                TakeFixed(sizeof(uint));
                break;
            default:
                throw new ExampleException(Offset, "a group ends that did not begin, or groups are nested too deeply");
        }
    }

    private void SkipGroup(int group, int groupsAllowed)
    {
        while (TryReadTag(out int field, out WireType type))
        {
            if (type == WireType.EndGroup && field == group)
            {
                return;
            }

            Skip(field, type, groupsAllowed);
        }

        throw new ExampleException(Offset, "the message ends within a group");
    }

    private ReadOnlyMemory<byte> TakeFixed(int bytes)
    {
        if (bytes > message.Length - _at)
        {
            throw new ExampleException(Offset, $"{bytes} bytes are announced and {message.Length - _at} are left");
        }

        return Take(bytes);
    }

    private ReadOnlyMemory<byte> Take(int bytes)
    {
        ReadOnlyMemory<byte> taken = message.Slice(_at, bytes);
        _at += bytes;
        return taken;
    }
}

/// <summary>How the bytes after a protocol buffer tag are laid out.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}
