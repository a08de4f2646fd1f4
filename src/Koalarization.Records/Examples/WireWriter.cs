using System.Numerics;
using System.Text;

namespace Koalarization.Records.Examples;

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
