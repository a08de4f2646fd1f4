using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tables;
using Koalarization.Checkpoints.Tensors;

namespace Koalarization.Checkpoints.V1;

/// <summary>One slice in a V1 table, found by its key when it is read.</summary>
internal sealed class SavedSlicePart : TensorPart
{
    private readonly Table _table;
    private readonly string _name;
    private readonly TensorElementType _type;
    private readonly TensorSlice _slice;

    public SavedSlicePart(Table table, string name, TensorElementType type, TensorSlice slice, TensorBox box)
        : base(box)
    {
        _table = table;
        _name = name;
        _type = type;
        _slice = slice;
    }

    public override void ReadBytes(Span<byte> destination) => TensorValues.Read(Data(), _type, destination);

    public override byte[][] ReadStrings() => TensorValues.ReadStrings(Data(), Box.ElementCount);

    /// <summary>The TensorProto: field 3 of field 2, a SavedSlice, of the value.</summary>
    private ProtoReader Data()
    {
        if (!_table.TryFind(OrderedKey.Of(_name, _slice), out ReadOnlySpan<byte> value, out Origin origin))
        {
            throw new CheckpointException(CheckpointCheck.Format, _table.File, null, $"a slice of tensor '{_name}' is listed, and not there");
        }

        for (var message = new ProtoReader(value, origin); message.Next();)
        {
            if (message.Field != 2)
            {
                continue;
            }

            for (ProtoReader slice = message.Message(); slice.Next();)
            {
                switch (slice.Field)
                {
                    case 1 when !string.Equals(TensorName.Read(slice), _name, StringComparison.Ordinal):
                        throw slice.Here.Format($"the slice stored for tensor '{_name}' is another tensor's");
                    case 3:
                        return slice.Message();
                    default:
                        break;
                }
            }
        }

        throw origin.Format($"a slice of tensor '{_name}' has no data");
    }
}
