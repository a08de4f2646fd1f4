using System.Buffers.Binary;

namespace Koalarization.Checkpoints.Binary;

/// <summary>
/// Reads one message in the protocol-buffer wire format, field by field, without recursion: a nested message is a reader of its own.
/// After <see cref="Next"/> either read the value with the method of its type or call it again, which skips it.
/// </summary>
internal ref struct ProtoReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Origin _origin;
    private int _position;
    private int _valueEnd;
    private ulong _varint;

    public ProtoReader(ReadOnlySpan<byte> bytes, Origin origin)
    {
        _bytes = bytes;
        _origin = origin;
    }

    /// <summary>The number of the field that <see cref="Next"/> moved to.</summary>
    public int Field { get; private set; }

    public ProtoWireType Wire { get; private set; }

    /// <summary>The offset of the next byte.</summary>
    public readonly Origin Here => _origin.Advance(_position);

    /// <summary>Moves to the next field; false at the message's end.</summary>
    public bool Next()
    {
        _position = _valueEnd;
        if (_position == _bytes.Length)
        {
            return false;
        }

        ulong tag = ReadVarint();
        if (tag is 0 or > uint.MaxValue || tag >> 3 == 0)
        {
            throw Here.Format("a field has no valid number");
        }

        Field = (int)(tag >> 3);
        Wire = (ProtoWireType)(tag & 7);
        _valueEnd = Wire switch
        {
            ProtoWireType.Varint => EndOfVarint(),
            ProtoWireType.Fixed64 => End(sizeof(ulong)),
            ProtoWireType.Bytes => EndOfBytes(),
            ProtoWireType.Fixed32 => End(sizeof(uint)),
            _ => throw Here.Format("a field has an unknown wire type"),
        };
        return true;
    }

    public readonly ulong Varint()
    {
        Expect(ProtoWireType.Varint);
        return _varint;
    }

    public readonly long Int64() => (long)Varint();

    /// <summary>An int32 or enum; wider values are refused.</summary>
    public readonly int Int32()
    {
        long value = Int64();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Here.Format("a number does not fit in 32 bits");
    }

    public readonly uint Fixed32()
    {
        Expect(ProtoWireType.Fixed32);
        return BinaryPrimitives.ReadUInt32LittleEndian(_bytes[_position..]);
    }

    public readonly ReadOnlySpan<byte> Bytes()
    {
        Expect(ProtoWireType.Bytes);
        return _bytes[_position.._valueEnd];
    }

    /// <summary>The value's bytes as stored, whatever its wire type.</summary>
    public readonly ReadOnlySpan<byte> RawValue() => _bytes[_position.._valueEnd];

    public readonly ProtoReader Message() => new(Bytes(), Here);

    /// <summary>Decodes one varint at the start of <paramref name="bytes"/>; gives its length, or 0 when there is no whole one.</summary>
    public static int DecodeVarint(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < bytes.Length && i < 10; i++)
        {
            byte part = bytes[i];
            if (i == 9 && part > 1)
            {
                return 0;
            }

            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return i + 1;
            }
        }

        return 0;
    }

    private readonly void Expect(ProtoWireType wire)
    {
        if (Wire != wire)
        {
            throw Here.Format($"field {Field} is stored as {Wire}, not as {wire}");
        }
    }

    private ulong ReadVarint()
    {
        int length = DecodeVarint(_bytes[_position..], out ulong value);
        if (length == 0)
        {
            throw Here.Format("a variable-length number does not end");
        }

        _position += length;
        return value;
    }

    private int EndOfVarint()
    {
        // The value stays behind the position, so that RawValue sees it.
        int length = DecodeVarint(_bytes[_position..], out _varint);
        return length == 0 ? throw Here.Format("a variable-length number does not end") : _position + length;
    }

    private int EndOfBytes()
    {
        ulong length = ReadVarint();
        return length > (ulong)(_bytes.Length - _position)
            ? throw Here.Format($"a field of {length} bytes is longer than what holds it")
            : _position + (int)length;
    }

    private readonly int End(int length) =>
        length > _bytes.Length - _position ? throw Here.Format("a field is longer than what holds it") : _position + length;
}

/// <summary>How a field's value is stored. The deprecated groups are not read.</summary>
internal enum ProtoWireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
