using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Koalarization.Checkpoints.Tensors;

/// <summary>
/// The key under which a table holds one slice of a tensor: the tensor's name, the number of dimensions, and for each dimension
/// start and length, in TensorFlow's OrderedCode (tensorflow/core/lib/strings/ordered_code.h), in which keys sort as what they encode.
/// </summary>
internal static class OrderedKey
{
    public static byte[] Of(string name, TensorSlice slice)
    {
        var key = new ArrayBufferWriter<byte>();
        WriteUnsigned(key, 0);
        WriteString(key, name);
        WriteUnsigned(key, (ulong)slice.Starts.Length);
        for (int i = 0; i < slice.Starts.Length; i++)
        {
            WriteSigned(key, slice.Starts[i]);
            WriteSigned(key, slice.Lengths[i]);
        }

        return key.WrittenSpan.ToArray();
    }

    /// <summary>The number of bytes, then the bytes, big-endian without leading zeros.</summary>
    private static void WriteUnsigned(ArrayBufferWriter<byte> key, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        ReadOnlySpan<byte> digits = bytes.TrimStart((byte)0);
        key.Write<byte>([(byte)digits.Length]);
        key.Write(digits);
    }

    /// <summary>00 becomes 00 FF, FF becomes FF 00, and 00 01 ends the string.</summary>
    private static void WriteString(ArrayBufferWriter<byte> key, string text)
    {
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            ReadOnlySpan<byte> code = value switch { 0 => [0, 0xFF], 0xFF => [0xFF, 0], _ => [value] };
            key.Write(code);
        }

        key.Write<byte>([0, 1]);
    }

    /// <summary>
    /// Two's complement in as many bytes as 7 bits a byte take, big-endian; as many leading bits as there are bytes are flipped
    /// when the number is negative and otherwise set, so that longer numbers sort further out.
    /// </summary>
    internal static void WriteSigned(IBufferWriter<byte> key, long value)
    {
        ulong magnitude = (ulong)(value < 0 ? ~value : value);
        int length = ((64 - System.Numerics.BitOperations.LeadingZeroCount(magnitude)) / 7) + 1;
        Span<byte> bytes = stackalloc byte[10];
        bytes[..2].Fill(value < 0 ? (byte)0xFF : (byte)0);
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], value);
        Span<byte> code = bytes[^length..];
        ushort header = (ushort)(0xFFFF << (16 - length));
        code[0] ^= (byte)(header >> 8);
        if (length > 1)
        {
            code[1] ^= (byte)header;
        }

        key.Write(code);
    }
}
