namespace Koalarization.Records.Examples;

/// <summary>
/// Gathers one feature from its messages, in protocol buffers' way: lists of one kind that come in pieces are joined, and a later
/// kind takes the place of an earlier one.
/// </summary>
internal sealed class FeatureParser
{
    private const int ListValues = 1;

    private readonly List<ReadOnlyMemory<byte>> _bytes = [];
    private readonly List<ReadOnlyMemory<byte>> _floatPieces = [];
    private readonly List<long> _numbers = [];
    private Kind _kind;

    private enum Kind
    {
        None = 0,
        Bytes = 1,
        Floats = 2,
        Numbers = 3,
    }

    /// <summary>Takes in one <c>Feature</c> message.</summary>
    public void Merge(WireReader feature)
    {
        while (feature.TryReadTag(out int field, out WireType type))
        {
            if (type != WireType.LengthDelimited || field is < (int)Kind.Bytes or > (int)Kind.Numbers)
            {
                feature.Skip(field, type);
                continue;
            }

            BecomeKind((Kind)field);
            MergeList(feature.ReadMessage());
        }
    }

    public Feature ToFeature() => _kind switch
    {
        Kind.Bytes => new BytesFeature(_bytes),
        Kind.Floats => new FloatFeature(Join(_floatPieces)),
        Kind.Numbers => new Int64Feature([.. _numbers]),
        _ => EmptyFeature.Instance,
    };

    private static ReadOnlyMemory<byte> Join(List<ReadOnlyMemory<byte>> pieces)
    {
        if (pieces.Count < 2)
        {
            return pieces.FirstOrDefault();
        }

        var joined = new byte[pieces.Sum(piece => piece.Length)];
        int at = 0;
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            piece.CopyTo(joined.AsMemory(at));
            at += piece.Length;
        }

        return joined;
    }

    private void BecomeKind(Kind kind)
    {
        if (kind != _kind)
        {
            _bytes.Clear();
            _floatPieces.Clear();
            _numbers.Clear();
            _kind = kind;
        }
    }

    private void MergeList(WireReader list)
    {
        while (list.TryReadTag(out int field, out WireType type))
        {
            switch (_kind, field, type)
            {
                case (Kind.Bytes, ListValues, WireType.LengthDelimited):
                    _bytes.Add(list.ReadBytes(out _));
                    break;
                case (Kind.Floats, ListValues, WireType.LengthDelimited):
                    AddPackedFloats(list.ReadBytes(out int at), at);
                    break;
                case (Kind.Floats, ListValues, WireType.Fixed32):
                    _floatPieces.Add(list.ReadFixed32());
                    break;
                case (Kind.Numbers, ListValues, WireType.LengthDelimited):
                    AddPackedNumbers(list.ReadBytes(out at), at);
                    break;
                case (Kind.Numbers, ListValues, WireType.Varint):
                    _numbers.Add((long)list.ReadVarint());
                    break;
                default:
                    list.Skip(field, type);
                    break;
            }
        }
    }

    private void AddPackedFloats(ReadOnlyMemory<byte> floats, int offset)
    {
        if (floats.Length % sizeof(float) != 0)
        {
            throw new ExampleException(offset, $"{floats.Length} bytes are no whole number of floats");
        }

        if (!floats.IsEmpty)
        {
            _floatPieces.Add(floats);
        }
    }

    private void AddPackedNumbers(ReadOnlyMemory<byte> numbers, int offset)
    {
        var reader = new WireReader(numbers, offset);
        while (!reader.IsAtEnd)
        {
            _numbers.Add((long)reader.ReadVarint());
        }
    }
}
