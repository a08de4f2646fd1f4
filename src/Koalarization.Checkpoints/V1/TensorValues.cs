using System.Buffers.Binary;
using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tensors;

namespace Koalarization.Checkpoints.V1;

/// <summary>
/// The elements of a TensorProto (tensorflow/core/framework/tensor.proto): raw bytes, or a list in the field of its type, packed
/// or not. Unlike elsewhere in TensorFlow a shorter list is not filled up: a saved slice lists every element.
/// </summary>
internal static class TensorValues
{
    private const int RawBytesField = 4;
    private const int StringField = 8;

    /// <summary>The fewest bytes that an element can take in the file.</summary>
    public static int MinStoredBytes(TensorElementType type) => type == TensorElementType.String || FieldOf(type).Varints ? 1 : type.SizeBytes();

    /// <summary>Writes the elements, little-endian, into a destination of exactly their size.</summary>
    public static void Read(ProtoReader tensor, TensorElementType type, Span<byte> destination)
    {
        Origin origin = tensor.Here;
        (int field, bool varints) = FieldOf(type);
        int elementBytes = type.SizeBytes();
        Span<byte> rest = destination;
        while (tensor.Next())
        {
            if (tensor.Field != field && tensor.Field != RawBytesField)
            {
                continue;
            }

            ReadOnlySpan<byte> values = tensor.RawValue();
            if (varints && tensor.Field == field)
            {
                rest = rest[CopyVarints(values, elementBytes, rest, tensor.Here)..];
            }
            else if (values.Length <= rest.Length)
            {
                values.CopyTo(rest);
                rest = rest[values.Length..];
            }
            else
            {
                throw origin.Format("a slice holds more elements than its bounds say");
            }
        }

        if (!rest.IsEmpty)
        {
            throw origin.Format($"a slice holds {destination.Length - rest.Length} bytes of elements where its bounds say {destination.Length}");
        }
    }

    public static byte[][] ReadStrings(ProtoReader tensor, long count)
    {
        Origin origin = tensor.Here;
        var strings = new List<byte[]>();
        while (tensor.Next())
        {
            if (tensor.Field == StringField)
            {
                strings.Add(tensor.Bytes().ToArray());
            }
        }

        return strings.Count == count ? [.. strings] : throw origin.Format($"a slice holds {strings.Count} strings where its bounds say {count}");
    }

    private static (int Field, bool Varints) FieldOf(TensorElementType type) => type switch
    {
        TensorElementType.Float32 => (5, false),
        TensorElementType.Float64 => (6, false),
        TensorElementType.Complex64 => (9, false),
        TensorElementType.Int64 => (10, true),
        TensorElementType.Bool => (11, true),
        TensorElementType.Complex128 => (12, false),
        TensorElementType.Float16 or TensorElementType.BFloat16 => (13, true),
        TensorElementType.UInt32 => (16, true),
        TensorElementType.UInt64 => (17, true),
        _ => (7, true),
    };

    /// <summary>Decodes whole varints and gives how many bytes of elements they made.</summary>
    private static int CopyVarints(ReadOnlySpan<byte> values, int elementBytes, Span<byte> destination, Origin origin)
    {
        Span<byte> element = stackalloc byte[sizeof(ulong)];
        int written = 0;
        while (!values.IsEmpty)
        {
            int length = ProtoReader.DecodeVarint(values, out ulong value);
            if (length == 0)
            {
                throw origin.Format("a list of numbers does not end with a whole one");
            }

            if (written == destination.Length)
            {
                throw origin.Format("a slice holds more elements than its bounds say");
            }

            BinaryPrimitives.WriteUInt64LittleEndian(element, value);
            element[..elementBytes].CopyTo(destination[written..]);
            values = values[length..];
            written += elementBytes;
        }

        return written;
    }
}
